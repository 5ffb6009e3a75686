/**
 * The roll: everyone whom this device has ever seen in its group's main room, and which role they had since when.
 * Further rooms are judged by it; `safespace.rooms.roll` keeps it alike.
 */
import type { State } from "./state.ts";
import type { Role } from "./types.ts";

/** The role that holds from this policy_seq on; null is gone. */
export interface Since {
  readonly seq: number;
  readonly role: Role | null;
}

/** Someone on the roll. `key` is the Ed25519 key (b64) of the leaf that gave them their member id. */
export interface Known {
  readonly pseudonym: string;
  readonly key: string;
  /** Never empty. */
  readonly roles: readonly Since[];
}

export type Roll = Readonly<Record<string, Known>>;

/** The role at policy_seq `seq`; null for who was gone, or was never seen. Before it is known, the first that is. */
export function roleAt(roll: Roll, member: string, seq: number): Role | null {
  const roles = roll[member]?.roles ?? [];
  const held = roles.findLast((since) => since.seq <= seq) ?? roles[0];
  return held?.role ?? null;
}

/** The role as far as main was read. */
export function roleNow(roll: Roll, member: string): Role | null {
  return roleAt(roll, member, Infinity);
}

/**
 * The roll once main's state is `state` at policy_seq `seq`; `keys` are the leaves in its tree, all b64. Who is announced
 * and not in the tree yet comes on it with their leaf. The very same roll where nothing changed.
 */
export function follow(roll: Roll, state: State, seq: number, keys: Readonly<Record<string, string>>): Roll {
  const changed: Record<string, Known> = {};
  for (const [id, { pseudonym, role }] of Object.entries(state.members)) {
    const known = roll[id];
    const key = keys[id];
    if (!known && key !== undefined) changed[id] = { pseudonym, key, roles: [{ seq, role }] };
    else if (known && (known.roles.at(-1)?.role !== role || known.pseudonym !== pseudonym)) {
      changed[id] = { ...(known.roles.at(-1)?.role === role ? known : since(known, seq, role)), pseudonym };
    }
  }
  for (const [id, known] of Object.entries(roll)) {
    if (!(id in state.members) && known.roles.at(-1)?.role !== null) changed[id] = since(known, seq, null);
  }
  return Object.keys(changed).length > 0 ? { ...roll, ...changed } : roll;
}

function since(known: Known, seq: number, role: Role | null): Known {
  return { ...known, roles: [...known.roles, { seq, role }] };
}
