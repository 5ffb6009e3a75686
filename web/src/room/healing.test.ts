import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { isDue } from "./healing.ts";

interface Case {
  readonly messages: number;
  readonly renewed: number;
  readonly now: number;
  readonly due: boolean;
}

test("new keys are due when they are in the SDK", () => {
  const cases = vectors("healing") as Case[];
  expect(cases.map(({ messages, renewed, now }) => isDue(messages, renewed, now))).toEqual(cases.map(({ due }) => due));
  expect(new Set(cases.map(({ due }) => due)).size).toBe(2);
});
