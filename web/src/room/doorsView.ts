/** What the screens see of a group's door. */
import type { InviteSummary } from "./types.ts";

/** What a guest is asked to come for: a part of a session, and for about how many minutes, where that is said. */
export interface Visit {
  readonly segment: string | null;
  readonly minutes: number | null;
}

/** What someone who waits was told, and by whom; without a text it is only no. */
export interface DoorWord {
  readonly from: string;
  readonly text: string | null;
}

/** Every rejected promise is an AppError. */
export interface DoorsView {
  admit(request: string, listening: boolean): Promise<void>;
  /** Everyone who can be let in without a closer look. */
  admitAll(): Promise<void>;
  /** Says no, and a kind word with it where there is one; with `final` they cannot ask again. */
  decline(request: string, text: string | null, final: boolean): Promise<void>;
  /** Says no to all of these, without a word. */
  turnAway(requests: readonly string[]): Promise<void>;
  /** How many were told not to ask again. */
  refused(): Promise<number>;
  /** Everyone who was told no may ask again. */
  forgive(): Promise<void>;
  /** A word to everyone who waits; it takes the place of the one before. */
  tellAll(text: string): Promise<void>;
  createInvite(options: { uses: number; days: number }): Promise<string>;
  /** A link for one guest, good until the session that is on, or the next, is over. */
  inviteGuest(segment: string | null, minutes: number | null): Promise<string>;
  invites(): Promise<readonly InviteSummary[]>;
  revokeInvite(id: string): Promise<void>;
}
