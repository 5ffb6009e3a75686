/** Who may do what: five ranks and one table, as `safespace.rooms.roles`. */
import type { Role } from "./types.ts";

export type Deed = "admit" | "agree" | "leave" | "remove";

export const RANKS: Readonly<Record<Role, number>> = { guest: 0, member: 1, moderator: 2, facilitator: 3, owner: 4 };

const LOWEST: Readonly<Record<Deed, Role>> = {
  admit: "facilitator",
  agree: "guest",
  leave: "guest",
  remove: "moderator",
};

/**
 * Whether `role` may do `action` at all, or, given `targetRole`, to someone of that role.
 *
 * Nobody admits above their own rank, and nobody removes someone who is not below it.
 */
export function may(role: Role, action: Deed, targetRole?: Role): boolean {
  if (RANKS[role] < RANKS[LOWEST[action]]) return false;
  if (targetRole === undefined) return true;
  switch (action) {
    case "admit":
      return RANKS[targetRole] <= RANKS[role];
    case "remove":
      return RANKS[targetRole] < RANKS[role];
    case "agree":
    case "leave":
      return true;
  }
}
