/** Who somebody is now decides who reads a report, what is theirs, and whether they are blocked here. */
import { expect, test } from "vitest";
import { goesOnAs, idsOf, rankOf } from "./former.ts";
import { isBlocked } from "./shown.ts";
import type { MemberState, State } from "./state.ts";

const member = (role: MemberState["role"]): MemberState => ({
  pseudonym: role, role, key: "", agreed: 1, charter: 1, listening: false, leaves: [role],
});
const state = {
  members: { again: member("facilitator"), other: member("member") },
  former: [
    { member: "first", role: "facilitator", now: "again" },
    { member: "second", role: "member", now: "again" },
    { member: "left", role: "moderator", now: null },
  ],
} as unknown as State;

test("of who came back the role counts that they have now, of who is gone the one of staff", () => {
  expect(["first", "second", "again", "left", "stranger"].map((id) => rankOf(state, id))).toEqual([
    "facilitator", "facilitator", "facilitator", "moderator", undefined,
  ]);
  expect(goesOnAs(state, "second")).toBe("again");
  expect(idsOf(state, "again")).toEqual(["again", "first", "second"]);
});

test("who was blocked is blocked on another device too, and nobody else is", () => {
  for (const blocked of [["first"], ["second"], ["again"]]) {
    expect(["first", "second", "again", "other", "left"].map((id) => isBlocked({ state, blocked }, id))).toEqual([
      true, true, true, false, false,
    ]);
  }
  expect(isBlocked({ state: null, blocked: ["first"] }, "first")).toBe(true);
});
