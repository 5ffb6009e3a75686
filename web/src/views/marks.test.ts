import fc from "fast-check";
import { expect, test } from "vitest";
import { markOf } from "./marks";

const ids = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString("base64url"));

test("a member id has one mark, the same every time", () => {
  fc.assert(fc.property(ids, (id) => expect(markOf(id)).toEqual(markOf(id))));
});

test("marks are spread over many shapes and colours", () => {
  const marks = fc.sample(ids, { numRuns: 600, seed: 7 }).map(markOf);
  expect(new Set(marks.map((mark) => mark.body)).size).toBeGreaterThanOrEqual(11);
  expect(new Set(marks.map((mark) => mark.soft)).size).toBe(10);
  expect(new Set(marks.map((mark) => mark.body + mark.soft)).size).toBeGreaterThan(90);
});
