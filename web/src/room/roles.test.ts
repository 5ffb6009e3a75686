import { expect, test } from "vitest";
import { type Deed, may, RANKS } from "./roles.ts";
import type { Role } from "./types.ts";

const roles = Object.keys(RANKS) as Role[];
const allowed: Record<Deed, Partial<Record<Role, Role[]>>> = {
  admit: {
    owner: ["guest", "member", "moderator", "facilitator", "owner"],
    facilitator: ["guest", "member", "moderator", "facilitator"],
  },
  remove: {
    owner: ["guest", "member", "moderator", "facilitator"],
    facilitator: ["guest", "member", "moderator"],
    moderator: ["guest", "member"],
  },
  agree: Object.fromEntries(roles.map((role) => [role, roles])),
  leave: Object.fromEntries(roles.map((role) => [role, roles])),
};

test.each(Object.keys(allowed) as Deed[])("who may %s whom", (deed) => {
  for (const role of roles) {
    const targets = allowed[deed][role] ?? [];
    expect(may(role, deed)).toBe(targets.length > 0);
    expect(roles.filter((target) => may(role, deed, target))).toEqual(targets);
  }
});
