import type { About } from "../reports/FileReport";
import type { Role, RoomView } from "../../room/types";

/** The side things of a room. */
export type SheetName =
  | {
      readonly kind:
        | "menu" | "people" | "waiting" | "invite" | "about" | "leave" | "warnings" | "offer" | "charter" | "keeping"
        | "done" | "hand-over" | "step-down" | "banned" | "turn-to" | "own-reports" | "desk" | "help" | "rules" | "notes"
        | "ask" | "answers" | "run" | "session" | "turns" | "round" | "slow" | "heard" | "start-session" | "end-session"
        | "schedule" | "plan" | "calendar" | "run-sheet" | "capsule" | "break-out";
    }
  | { readonly kind: "person" | "remove" | "aside"; readonly member: string }
  | { readonly kind: "role"; readonly member: string; readonly role?: Role }
  | { readonly kind: "message" | "take-down" | "fold" | "card"; readonly seq: number }
  | { readonly kind: "answer"; readonly ballot: string }
  | { readonly kind: "report"; readonly about: About }
  | { readonly kind: "planned"; readonly plan: string; readonly start: number }
  | { readonly kind: "desk-report"; readonly report: string };

/** What every sheet of a room is given. */
export interface InRoom {
  readonly room: RoomView;
  readonly onClose: () => void;
  readonly onGo: (sheet: SheetName) => void;
}
