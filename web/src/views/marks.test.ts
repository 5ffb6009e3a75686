import fc from "fast-check";
import { expect, test } from "vitest";
import { markOf } from "./marks";

const ids = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString("base64url"));

test("a member keeps their mark from one version to the next", () => {
  const { soft, deep, body } = markOf("f1cXq0Kd6bA7wP2mZr4TEg");
  expect([soft, deep, body.slice(0, 8)]).toEqual(["#efbf98", "#b27044", "M18 3.5A"]);
});

test("marks are spread over all shapes and colours", () => {
  const marks = fc.sample(ids, { numRuns: 600, seed: 7 }).map(markOf);
  expect(new Set(marks.map((mark) => mark.body + mark.heart)).size).toBe(12);
  expect(new Set(marks.map((mark) => mark.soft)).size).toBe(10);
  expect(new Set(marks.map((mark) => mark.heart + mark.soft)).size).toBeGreaterThan(90);
});
