import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { type Deed, may, mayOffer, RANKS } from "./roles.ts";
import type { Role } from "./types.ts";

type Table<T> = Record<string, Record<Role, T>>;

const given = vectors("roles") as { may: Table<boolean>; may_to: Table<Role[]>; may_offer: Table<Role[]> };
const roles = Object.keys(RANKS) as Role[];

test.each(Object.keys(given.may) as Deed[])("who may %s, and to whom, as in Python", (deed) => {
  for (const role of roles) {
    expect([role, may(role, deed)]).toEqual([role, given.may[deed]?.[role]]);
    const targets = roles.filter((target) => may(role, deed, target));
    expect([role, targets]).toEqual([role, roles.filter((target) => given.may_to[deed]?.[role].includes(target))]);
  }
});

test.each(roles)("what %s may offer, as in Python", (role) => {
  for (const target of roles) {
    const offered = roles.filter((one) => mayOffer(role, target, one));
    expect([target, offered]).toEqual([target, roles.filter((one) => given.may_offer[role]?.[target].includes(one))]);
  }
});
