/** What the screens see of a group's sessions. */
import type { ReadonlySignal } from "@preact/signals";
import type { ActionOf } from "./actions.ts";
import type { Segment } from "./liveActions.ts";
import type { Answer } from "./record.ts";

/** One date of a plan: the session that is on, or one to come. */
export interface SessionView {
  readonly plan: string;
  /** Milliseconds. */
  readonly start: number;
  readonly minutes: number;
  readonly title: string;
  readonly note: string;
  readonly zone: string;
  /** RRULE (RFC 5545 section 3.3.10); null for one date. */
  readonly rule: string | null;
  readonly on: boolean;
  /** The newest answer of each member, as far as this device heard it; pseudonyms. */
  readonly answers: Readonly<Record<Answer, readonly string[]>>;
  readonly mine: Answer | null;
}

/** What is decided about sessions; `target` is nobody. */
export type Decision = { [Kind in "plan" | "unplan" | "between_sessions" | "write_run_sheet"]: Omit<ActionOf<Kind>, "target"> }[
  "plan" | "unplan" | "between_sessions" | "write_run_sheet"
];
/** A plan: its words, when its sessions begin, how long they are, and whether they do so by themselves. */
export type Planned = Omit<ActionOf<"plan">, "action" | "target" | "plan">;

/** An address that calendar programs subscribe to; it tells when, and nothing else. */
export interface CalendarAddress {
  readonly id: string;
  /** Of this group alone, or of all groups of the person. */
  readonly all: boolean;
  readonly created: number;
}

/** When the group meets, who comes, and what the evening is to be. */
export interface PlansView {
  /** The one that is on, and those to come, the next first. */
  readonly sessions: ReadonlySignal<readonly SessionView[]>;
  /** Whether everyone may write while no session is on. */
  readonly between: ReadonlySignal<boolean>;
  /** The parts of the evening. */
  readonly segments: ReadonlySignal<readonly Segment[]>;
  /** The run-sheet that the last session had of the plan whose session is on, or comes next; empty where none had. */
  lastTime(): readonly Segment[];
  attend(session: SessionView, answer: Answer): Promise<void>;
  /** What is planned under this id; null where nothing is. */
  planned(plan: string): Planned | null;
  /** The plans that go on by a rule. */
  readonly repeating: readonly string[];
  /** Decides for the group what `make` says, anew whenever something else came first. */
  decide(make: () => Decision): Promise<void>;
  /** The addresses that this person made for this group or for all. */
  calendars(): Promise<readonly CalendarAddress[]>;
  /** Gives the address, which is told this once. */
  makeCalendar(all: boolean): Promise<string>;
  revokeCalendar(id: string): Promise<void>;
}
