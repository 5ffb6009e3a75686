/** Plans of what the staff does. Each throws AppError with the rule that forbids it, before anything is sent. */
import { b64decode, b64encode } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { sealReason } from "../crypto/reasons.ts";
import type { MuteLength } from "../net/wire.ts";
import type { SealedReason } from "./actions.ts";
import { MAX_BOXES } from "./boxes.ts";
import type { Plan } from "./acts.ts";
import { AppError } from "./errors.ts";
import { goesOnAs } from "./former.ts";
import { uuidBytes } from "./ids.ts";
import type { Shelf } from "./anyLedger.ts";
import type { Ledger } from "./ledger.ts";
import { reachable } from "./reach.ts";
import { RANKS, STAFF } from "./roles.ts";

export async function muting(ledger: Ledger, target: string, length: MuteLength, reason: string | null): Promise<Plan> {
  return { action: { action: "mute", target, length, reason: await sealed(ledger, target, reason) } };
}

/** Takes a member and the keys of all their devices out of the group. */
export async function removing(ledger: Ledger, target: string, ban: boolean, reason: string | null): Promise<Plan> {
  const { group, state } = ledger;
  const leaves = new Set(state.members[target]?.leaves);
  if (leaves.size === 0) throw new AppError("unknown_member");
  const indices = group.roster.filter(({ identity }) => leaves.has(b64encode(identity))).map(({ index }) => index);
  return {
    action: { action: "remove", target, ban, reason: await sealed(ledger, target, reason) },
    commit: (now) => now.remove(indices),
  };
}

export async function takingDown(ledger: Ledger, shelf: Shelf, line: number, reason: string | null): Promise<Plan> {
  const target = await authorOf(shelf, line);
  return { action: { action: "take_down", target, line, reason: await sealed(ledger, target, reason) } };
}

export async function restoring(shelf: Shelf, line: number): Promise<Plan> {
  return { action: { action: "restore", target: await authorOf(shelf, line), line } };
}

/** Takes the role that is offered to this member. */
export function accepting({ record, state }: Ledger): Plan {
  const role = state.offers[record.me]?.role;
  if (!role) throw new AppError("no_offer");
  return { action: { action: "accept", target: null, role, version: state.charter.version } };
}

async function authorOf(shelf: Shelf, seq: number): Promise<string> {
  const line = await shelf.line(seq);
  if (line?.kind !== "message") throw new AppError("unknown_line");
  return line.sender;
}

/** A reason for the target's eyes and the staff's. */
async function sealed(ledger: Ledger, target: string, reason: string | null): Promise<SealedReason | null> {
  if (reason === null) return null;
  const { state } = ledger;
  const whom = goesOnAs(state, target);
  const staff = Object.entries(state.members)
    .filter(([id, { role }]) => id !== whom && STAFF.includes(role))
    .sort(([, one], [, other]) => RANKS[other.role] - RANKS[one.role])
    .map(([id]) => id);
  const members = reachable(ledger, [whom, ...staff].filter((id) => id in state.members)).slice(0, MAX_BOXES).sort();
  if (members.length === 0) return null;
  const keys = members.map((id) => b64decode(state.members[id]?.key ?? ""));
  try {
    const { mac, boxes } = await sealReason(reason, uuidBytes(state.group), b64decode(target), keys);
    return {
      mac: b64encode(mac),
      boxes: boxes.map((box, at) => ({ member: members[at] ?? "", box: b64encode(box) })),
    };
  } catch (error) {
    throw error instanceof CryptoError ? new AppError("invalid_field", { cause: error }) : error;
  }
}
