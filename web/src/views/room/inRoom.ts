import type { About } from "../reports/FileReport";
import type { Role, RoomView, TalkView } from "../../room/types";

/** A sheet to which another goes back; the menu where it is not said. */
type From = "menu" | "run" | "schedule";

/** The side things of a room. */
export type SheetName =
  | {
      readonly kind:
        | "menu" | "people" | "about" | "leave" | "warnings" | "offer" | "charter" | "keeping"
        | "done" | "hand-over" | "step-down" | "banned" | "turn-to" | "own-reports" | "desk" | "help" | "rules" | "own-name" | "group-name"
        | "ask" | "answers" | "run" | "run-more" | "pause" | "room" | "turns" | "round" | "slow" | "heard" | "start-session" | "end-session"
        | "schedule" | "plan" | "calendar" | "capsule" | "break-out";
    }
  | { readonly kind: "waiting" | "notes" | "run-sheet"; readonly from?: From }
  /** `guest`: what a guest is asked to come for. */
  | { readonly kind: "invite"; readonly from?: From; readonly guest?: string }
  | { readonly kind: "remove" | "aside"; readonly member: string }
  /** `back`: where it was opened, if not in the list of people. */
  | { readonly kind: "person"; readonly member: string; readonly back?: SheetName }
  | { readonly kind: "role"; readonly member: string; readonly role?: Role }
  | { readonly kind: "take-down"; readonly seq: number }
  /** `talk`: where it was said, as its number is another message's in every other room. */
  | { readonly kind: "message" | "fold" | "card"; readonly talk: TalkView; readonly seq: number }
  | { readonly kind: "answer"; readonly ballot: string }
  | { readonly kind: "report"; readonly about: About }
  | { readonly kind: "planned"; readonly plan: string; readonly start: number }
  | { readonly kind: "desk-report"; readonly report: string };

/** Those that leave the conversation readable, in the place of the foot. */
export function isHalf({ kind }: SheetName): boolean {
  return kind === "run" || kind === "pause";
}

/** What every sheet of a room is given. */
export interface InRoom {
  readonly room: RoomView;
  /** Whether a line holds few words. */
  readonly big: boolean;
  readonly onClose: () => void;
  readonly onGo: (sheet: SheetName) => void;
  /** To the sheet that this one came from. */
  readonly onBack: () => void;
}
