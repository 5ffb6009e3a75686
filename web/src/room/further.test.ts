import { expect, test } from "vitest";
import { damaged, type Edit, vectors } from "../../tests/vectors.ts";
import { b64decode, b64encode, canonicalJson, fromUtf8 } from "../crypto/bytes.ts";
import { endorsementBytes, verifyEndorsement } from "../crypto/endorsements.ts";
import type { ClearPolicy } from "../net/wire.ts";
import {
  checkFurtherClear, checkFurtherSender, foldFurther, furtherHash, furtherRosterFits, outsiders,
} from "./further.ts";
import { type FurtherMessage, type FurtherState, readFurther, readFurtherState } from "./furtherState.ts";
import { follow, type Roll } from "./roll.ts";
import { PolicyError, type State } from "./state.ts";

type Code = string | null;

const given = vectors("further") as {
  null_hash: string;
  canonical: string;
  hash: string;
  roll: Roll;
  states: Record<string, FurtherState | null>;
  outsiders: Record<string, string[]>;
  folds: { name: string; state: string; message: FurtherMessage; hash: string | null; code: Code }[];
  contents: { bases: unknown[]; edits: (Edit & { base: number; code: Code })[] };
  clears: { clear: ClearPolicy; message: FurtherMessage; code: Code }[];
  senders: { state: FurtherState | null; message: FurtherMessage; leaf: string; code: Code }[];
  rosters: { state: FurtherState; leaves: string[]; fits: boolean }[];
  followed: { steps: { state: State; seq: number; keys: Record<string, string>; roll: Roll }[] };
  endorsement: Record<"group" | "identity" | "signature_key" | "bytes" | "main_key" | "endorsement", string>;
};

function codeOf(check: () => unknown): Code {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof PolicyError) return error.code;
    throw error;
  }
}

test("the state is written and hashed as in Python", () => {
  expect(b64encode(furtherHash(null))).toBe(given.null_hash);
  expect(fromUtf8(canonicalJson(given.states["staff"] ?? null))).toBe(given.canonical);
  expect(b64encode(furtherHash(given.states["staff"] ?? null))).toBe(given.hash);
});

test.each(given.folds)("$name", ({ state: name, message, hash, code }) => {
  const state = given.states[name] ?? null;
  const before = fromUtf8(canonicalJson(state));
  expect(codeOf(() => foldFurther(state, message, given.roll))).toBe(code);
  if (code === null) expect(b64encode(furtherHash(foldFurther(state, message, given.roll)))).toBe(hash);
  expect(fromUtf8(canonicalJson(state))).toBe(before);
});

test("damaged messages are judged as in Python", () => {
  for (const { base, path, code, ...edit } of given.contents.edits) {
    const content = canonicalJson(damaged(given.contents.bases[base], { path, ...edit }));
    const read = fromUtf8(content).includes('"kind":"state"') ? readFurtherState : readFurther;
    expect({ base, path, ...edit, code: codeOf(() => read(content)) }).toEqual({ base, path, ...edit, code });
  }
});

test("what the relay is shown is what is sealed, and only the actor's leaf speaks", () => {
  for (const { clear, message, code } of given.clears) {
    expect({ clear, code: codeOf(() => checkFurtherClear(clear, message)) }).toEqual({ clear, code });
  }
  for (const { state, message, leaf, code } of given.senders) {
    const found = codeOf(() => checkFurtherSender(state, message, b64decode(leaf)));
    expect({ message, leaf, code: found }).toEqual({ message, leaf, code });
  }
});

test("who no longer belongs is found, and a roster fits leaf by leaf", () => {
  for (const [name, people] of Object.entries(given.outsiders)) {
    const state = given.states[name];
    expect(state && [...outsiders(state, given.roll)].sort()).toEqual(people);
  }
  for (const { state, leaves, fits } of given.rosters) {
    expect({ leaves, fits: furtherRosterFits(state, leaves.map(b64decode)) }).toEqual({ leaves, fits });
  }
});

test("the roll follows main as in Python", () => {
  let roll: Roll = {};
  for (const { state, seq, keys, roll: expected } of given.followed.steps) {
    roll = follow(roll, state, seq, keys);
    expect(roll).toEqual(expected);
    expect(follow(roll, state, seq, keys)).toBe(roll);
  }
});

test("an endorsement is for one leaf in one group, by one key", async () => {
  const { group, identity, signature_key, bytes, main_key, endorsement } = given.endorsement;
  const leaf = { identity: b64decode(identity), signatureKey: b64decode(signature_key) };
  expect(b64encode(endorsementBytes(b64decode(group), leaf.identity, leaf.signatureKey))).toBe(bytes);
  await verifyEndorsement(b64decode(endorsement), b64decode(main_key), b64decode(group), leaf);
  const other = b64decode(signature_key);
  const [signed, key, room] = [b64decode(endorsement), b64decode(main_key), b64decode(group)];
  const wrong: Parameters<typeof verifyEndorsement>[] = [
    [signed, other, room, leaf],
    [signed, key, b64decode(identity), leaf],
    [signed, key, room, { ...leaf, identity: room }],
    [signed, key, room, { ...leaf, signatureKey: key }],
    [signed.slice(1), key, room, leaf],
  ];
  for (const given of wrong) await expect(verifyEndorsement(...given)).rejects.toThrow("not endorsed");
});
