import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { b64decode } from "../crypto/bytes.ts";
import { doneWith } from "./guests.ts";
import { readState, type State } from "./state.ts";

const given = vectors("guests") as {
  states: Record<string, string>;
  cases: { before: string; after: string; done: string[] }[];
};

test("whose time is over between any two states of an evening is what it is in Python", () => {
  const states = new Map(Object.entries(given.states).map(([name, written]) => [name, readState(b64decode(written))]));
  const named = (name: string): State => {
    const state = states.get(name);
    if (!state) throw new Error(name);
    return state;
  };
  expect(given.cases.some(({ done }) => done.length > 0)).toBe(true);
  for (const { before, after, done } of given.cases) {
    expect(doneWith(named(before), named(after)).sort(), `${before}, ${after}`).toEqual([...done].sort());
    expect(doneWith(null, named(after))).toEqual([]);
  }
});
