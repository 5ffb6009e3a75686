/** What was done in a room that this device, or another, could not follow (docs/protocol.md, "When nobody can follow an act"). */
import { type Envelope, type FoldedFrame, MAX_FOLDED } from "../net/wire.ts";

/** Void messages that are remembered: more than anyone sends in a day, so that a flood of them hides none. */
export const MOST_VOID = 4096;
const MOST_NAMED = 64;
/** Lines after a void message in which the server may still go by what it showed. */
const NEAR = 64;

export interface Disputed {
  /** Policy messages that do not hold. */
  readonly void: readonly number[];
  /** The members whose leaves go by what those show in clear. */
  readonly named: readonly string[];
  /** Commits that this device could apply, each with the line that voided it. */
  readonly followed: readonly (readonly [number, number])[];
  /** Acts that were folded here and that the server has taken back. */
  readonly undone: readonly number[];
}

export const UNDISPUTED: Disputed = { void: [], named: [], followed: [], undone: [] };

function newest<T>(known: readonly T[], one: T, most: number): readonly T[] {
  return [...known.filter((other) => other !== one), one].slice(-most);
}

/** A policy message by this member does not hold. */
export function withVoid(disputed: Disputed, { seq, policy }: Envelope, author: string | null): Disputed {
  const named = namedBy(policy, author);
  return {
    ...disputed,
    void: newest(disputed.void, seq, MOST_VOID),
    named: named === null ? disputed.named : newest(disputed.named, named, MOST_NAMED),
  };
}

function namedBy(policy: Envelope["policy"], author: string | null): string | null {
  switch (policy?.action) {
    case "leave":
    case "step_down":
      return author;
    case "remove":
    case "demote":
    case "bring":
      return policy.target;
    case "admit":
      return policy.replaces;
    default:
      return null;
  }
}

/** A commit that this device could apply was voided by the line `by`. */
export function withFollowed(disputed: Disputed, commit: number, by: number): Disputed {
  return { ...disputed, followed: [...disputed.followed, [commit, by] as const].slice(-MAX_FOLDED) };
}

/** The server says whether a doubted act holds. The same again where that is no news. */
export function heard(disputed: Disputed, seq: number, undone: boolean): Disputed {
  const known = disputed.undone.includes(seq);
  if (undone === known || disputed.void.includes(seq)) return disputed;
  const others = disputed.undone.filter((other) => other !== seq);
  return { ...disputed, undone: undone ? newest(others, seq, MAX_FOLDED) : others };
}

/** Whether the server may refuse something for what only a void message says. */
export function explains(disputed: Disputed, policySeq: number): boolean {
  return disputed.void.some((seq) => seq <= policySeq && policySeq < seq + NEAR);
}

/** What to tell the server of an act that somebody doubts; null where that is so long ago that nobody knows. */
export function word(disputed: Disputed, room: string, seq: number): FoldedFrame | null {
  const [oldest = 0] = disputed.void;
  if (disputed.void.length === MOST_VOID && seq < oldest) return null;
  return { t: "folded", room, seqs: [seq], ok: !disputed.void.includes(seq) };
}

/** What to tell the server of the lines after `since`. */
export function words(disputed: Disputed, room: string, since: number): FoldedFrame[] {
  const unfolded = disputed.void.filter((seq) => seq > since);
  const followed = disputed.followed.filter(([, by]) => by > since).map(([commit]) => commit);
  const parts = Math.ceil(unfolded.length / MAX_FOLDED);
  return [
    ...Array.from({ length: parts }, (_, part) =>
      ({ t: "folded", room, seqs: unfolded.slice(part * MAX_FOLDED, (part + 1) * MAX_FOLDED), ok: false }) as const),
    ...(followed.length > 0 ? [{ t: "folded", room, seqs: followed, ok: true } as const] : []),
  ];
}
