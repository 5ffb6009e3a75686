import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { rounds } from "../../tests/campaign.ts";
import { damaged, type Edit, vectors } from "../../tests/vectors.ts";
import { b64decode, b64encode, canonicalJson, fromUtf8, utf8 } from "../crypto/bytes.ts";
import type { ClearPolicy, MuteLength } from "../net/wire.ts";
import { EMPTY, type Floor } from "./floor.ts";
import { dueRefusal, silence, type Silence } from "./moderation.ts";
import { checkClear, checkSender, fold, propose, rosterFits, stateHash } from "./policy.ts";
import { policyContent, PolicyError, type PolicyMessage, readPolicy, readState, type State, stateContent } from "./state.ts";
import type { Role } from "./types.ts";

type Code = string | null;
/** What the fold says at `time`: a code, or the new state, whose floor is not hashed. */
interface Outcome {
  readonly time: number;
  readonly hash: string | null;
  readonly floor?: Floor;
  readonly code: Code;
}

const given = vectors("policy") as {
  null_hash: string;
  state: State;
  canonical: string;
  hash: string;
  folds: {
    states: Record<string, State | null>;
    cases: ({ name: string; state: string; content: string } & Outcome)[];
  };
  silences: {
    states: Record<string, State>;
    cases: { state: string; member: string; time: number; why: Silence | null; message: Silence | null; reaction: Silence | null }[];
  };
  contents: {
    bases: unknown[];
    edits: (Edit & { base: number; code: Code })[];
    texts: { text: string; code: Code }[];
  };
  clears: { clear: ClearPolicy; content: string; code: Code }[];
  senders: { state: State | null; message: PolicyMessage; leaf: string; code: Code }[];
  rosters: { leaves: string[]; fits: boolean }[];
};

/** The code with which `check` refuses, null if it does not. */
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
  expect(b64encode(stateHash(null))).toBe(given.null_hash);
  expect(fromUtf8(canonicalJson(given.state))).toBe(given.canonical);
  expect(b64encode(stateHash(given.state))).toBe(given.hash);
  expect(readState(stateContent(given.state))).toEqual(given.state);
});

test("everyone's every action makes of every state what it makes in Python", () => {
  for (const { name, state: at, time, content, hash, floor = EMPTY, code } of given.folds.cases) {
    const state = given.folds.states[at] ?? null;
    const before = fromUtf8(canonicalJson(state));
    const message = readPolicy(utf8(content));
    expect({ name, code: codeOf(() => fold(state, message, time)) }).toEqual({ name, code });
    if (code === null) {
      const after = fold(state, message, time);
      expect({ name, hash: b64encode(stateHash(after)), floor: after.floor }).toEqual({ name, hash, floor });
    }
    expect(fromUtf8(canonicalJson(state))).toBe(before);
  }
});

test("who may write when, and why not", () => {
  for (const { state, member, time, ...refusals } of given.silences.cases) {
    const at = given.silences.states[state];
    const found = at && {
      why: silence(at, member, time),
      message: dueRefusal(at, member, "message", time),
      reaction: dueRefusal(at, member, "reaction", time),
    };
    expect({ state, member, time, ...found }).toEqual({ state, member, time, ...refusals });
  }
});

function read(content: ReturnType<typeof utf8>): unknown {
  return fromUtf8(content).includes('"kind":"state"') ? readState(content) : readPolicy(content);
}

test("damaged messages are judged as in Python", () => {
  for (const { base, path, code, ...edit } of given.contents.edits) {
    const content = canonicalJson(damaged(given.contents.bases[base], { path, ...edit }));
    expect({ base, path, ...edit, code: codeOf(() => read(content)) }).toEqual({ base, path, ...edit, code });
  }
});

test.each(given.contents.texts)("$text", ({ text, code }) => {
  expect(codeOf(() => readPolicy(utf8(text)))).toBe(code);
});

test("what the relay is shown is what is sealed", () => {
  for (const { clear, content, code } of given.clears) {
    expect({ clear, code: codeOf(() => checkClear(clear, readPolicy(utf8(content)))) }).toEqual({ clear, code });
  }
});

test("only the actor's leaves speak for the actor", () => {
  for (const { state, message, leaf, code } of given.senders) {
    expect({ message, leaf, code: codeOf(() => checkSender(state, message, b64decode(leaf))) }).toEqual({
      message,
      leaf,
      code,
    });
  }
});

test("a roster fits when every leaf has its member and every member a leaf", () => {
  for (const { leaves, fits } of given.rosters) {
    expect({ leaves, fits: rosterFits(given.state, leaves.map(b64decode)) }).toEqual({ leaves, fits });
  }
});

/** What a module of the vectors prints. */
function toldBy(module: string, count: number, seed: number): unknown {
  const tests = new URL("../../../tests/", import.meta.url);
  const python = process.env["PYTHON"] ?? new URL("../.venv/bin/python", tests).pathname;
  const told = execFileSync(python, ["-m", `vectors.${module}`, String(count), String(seed)], { cwd: tests, maxBuffer: 2 ** 27 });
  return JSON.parse(told.toString());
}

type Story = readonly ({ readonly content: string } & Outcome)[];

/** The states along a story, which has to be folded as it was in Python. */
function* followed(story: Story, first: State | null): Generator<State> {
  let state = first;
  for (const { content, time, hash, floor = EMPTY, code } of story) {
    const before = state;
    const message = readPolicy(utf8(content));
    const found = codeOf(() => fold(before, message, time));
    if (found !== code) expect.fail(`${content}: ${found ?? "folded"} instead of ${code ?? "folded"}`);
    if (code !== null) continue;
    state = fold(before, message, time);
    if (b64encode(stateHash(state)) !== hash) expect.fail(`${content}: another state`);
    if (JSON.stringify(state.floor, Object.keys(EMPTY)) !== JSON.stringify(floor, Object.keys(EMPTY))) {
      expect.fail(`${content}: another floor`);
    }
    yield state;
  }
}

const STORIES = rounds(100, 1000);

test(`${String(STORIES)} random stories fold as in Python, and always leave an owner`, () => {
  const stories = toldBy("policy_sequences", STORIES, 7) as Story[];
  expect(stories.length).toBe(STORIES);
  let folded = 0;
  for (const story of stories) {
    for (const state of followed(story, null)) {
      if (!Object.values(state.members).some(({ role }) => role === "owner")) expect.fail("no owner");
      folded++;
    }
  }
  expect(folded).toBeGreaterThan(5 * STORIES);
}, 300_000);

const ACTS = rounds(2000, 10_000);

test(`an evening of ${String(ACTS)} acts folds as in Python, and never has two speakers or a floor that nobody takes`, () => {
  const { state, steps } = toldBy("live_sequences", ACTS, 11) as { state: State; steps: Story };
  let turns = 0;
  for (const { live, floor } of followed(steps, state)) {
    if (live.terms.mode === "open") expect(floor.holder).toBeNull();
    else if (floor.holder === null) expect(floor.queue.filter((id) => !(id in floor.silent))).toEqual([]);
    expect(floor.queue).not.toContain(floor.holder);
    turns = floor.turn;
  }
  expect(turns).toBeGreaterThan(ACTS / 20);
}, 300_000);

const names = fc.constantFrom(...Object.keys(given.state.members), b64encode(new Uint8Array(16)));
const roles = fc.constantFrom<Role>("owner", "facilitator", "moderator", "member", "guest");
const lengths = fc.constantFrom<MuteLength>(1, 300, "session", "lifted");
const actions = fc.oneof(
  fc.constant({ action: "leave" as const, target: null }),
  fc.record({ action: fc.constant("remove" as const), target: names, ban: fc.boolean(), reason: fc.constant(null) }),
  fc.record({ action: fc.constant("agree" as const), target: fc.constant(null), version: fc.constantFrom(1, 2) }),
  fc.record({ action: fc.constantFrom("offer" as const, "demote" as const), target: names, role: roles }),
  fc.record({ action: fc.constant("accept" as const), target: fc.constant(null), role: roles, version: fc.constant(1) }),
  fc.record({ action: fc.constant("step_down" as const), target: fc.constant(null), role: roles }),
  fc.record({ action: fc.constant("mute" as const), target: names, length: lengths, reason: fc.constant(null) }),
  fc.record({ action: fc.constantFrom("unmute" as const, "let_speak" as const, "unban" as const), target: names }),
  fc.record({ action: fc.constant("mute_all" as const), target: fc.constant(null), on: fc.boolean() }),
  fc.record({ action: fc.constantFrom("resume" as const, "close_session" as const), target: fc.constant(null) }),
  fc.record({ action: fc.constant("raise_hand" as const), target: fc.constant(null), too: fc.boolean() }),
  fc.record({
    action: fc.constant("pass_turn" as const),
    target: fc.constant(null),
    turn: fc.integer({ min: 0, max: 3 }),
    later: fc.boolean(),
    absent: fc.boolean(),
  }),
  fc.record({
    action: fc.constant("set_floor" as const),
    target: fc.constant(null),
    mode: fc.constantFrom("open" as const, "hands" as const),
    seconds: fc.constantFrom(0, 60),
    grace: fc.constantFrom(null, 0, 30),
  }),
  fc.record({ action: fc.constant("give_floor" as const), target: names }),
  fc.record({ action: fc.constant("pause" as const), target: fc.constant(null), note: fc.constant(null) }),
);

test("whatever members try, a state stays readable, owned and equal after writing", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(names, actions, fc.integer({ min: 0, max: 2e12 })), { maxLength: 20 }), (tries) => {
      let state = given.state;
      for (const [actor, action, time] of tries) {
        const message = readPolicy(policyContent(propose(state, actor, 0, action)));
        if (codeOf(() => fold(state, message, time)) === null) state = fold(state, message, time);
      }
      expect(readState(stateContent(state))).toEqual(state);
    }),
  );
});

test("other bytes are refused with a code", () => {
  const anything = fc.oneof(
    fc.uint8Array().map((data) => new Uint8Array(data)),
    fc.json().map(utf8),
  );
  fc.assert(fc.property(anything, (content) => codeOf(() => readPolicy(content)) === "invalid_field"));
  fc.assert(fc.property(anything, (content) => codeOf(() => readState(content)) === "invalid_field"));
});
