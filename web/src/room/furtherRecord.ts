/** What is kept of a further room on the device, sealed in the vault under `further/<group>/<room>`. */
import type { FurtherMessage, FurtherState } from "./furtherState.ts";
import { type AnyRecord, type Before, newAnyRecord, type PendingAct } from "./record.ts";

/** Whether the member whom an aside is about asks for help, and whether anyone has said something to them since. */
export type Help = "asked" | "answered";

export interface FurtherRecord extends AnyRecord {
  act: PendingAct<FurtherMessage> | null;
  /** null until the `open` or the first state message. */
  state: FurtherState | null;
  unadmitted: FurtherState | null;
  before: Before<FurtherState> | null;
  /** Until who was brought has got the state. */
  brought: boolean;
  /** Whether nothing of it may ever be kept. */
  readonly passing: boolean;
  help: Help | null;
  /** What the room was made with, until the server has it. */
  readonly made: { readonly purpose: FurtherState["purpose"]; readonly about: string | null; readonly endorsement: string } | null;
}

type Given = Pick<FurtherRecord, "group" | "room" | "crypto" | "me" | "head" | "sinceUpdate" | "brought" | "passing" | "made"> &
  Partial<Pick<FurtherRecord, "before">>;

/** The record of a device that was just brought in, or has just made the room. */
export function newFurtherRecord(given: Given): FurtherRecord {
  return { ...newAnyRecord(given.head), ...given, state: null, help: null };
}

export function furtherKey(group: string, room = ""): string {
  return `further/${group}/${room}`;
}
