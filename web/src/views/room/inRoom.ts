import type { About } from "../reports/FileReport";
import type { Role, RoomView } from "../../room/types";

/** The side things of a room. */
export type SheetName =
  | {
      readonly kind:
        | "menu" | "people" | "waiting" | "invite" | "about" | "leave" | "warnings" | "offer" | "charter" | "keeping"
        | "done" | "hand-over" | "step-down" | "banned" | "turn-to" | "own-reports" | "desk" | "help" | "rules" | "notes"
        | "run" | "session" | "turns" | "round" | "slow" | "heard" | "start-session" | "end-session"
        | "capsule" | "break-out";
    }
  | { readonly kind: "person" | "remove" | "aside"; readonly member: string }
  | { readonly kind: "role"; readonly member: string; readonly role?: Role }
  | { readonly kind: "message" | "take-down" | "fold" | "card"; readonly seq: number }
  | { readonly kind: "report"; readonly about: About }
  | { readonly kind: "desk-report"; readonly report: string };

/** What every sheet of a room is given. */
export interface InRoom {
  readonly room: RoomView;
  readonly onClose: () => void;
  readonly onGo: (sheet: SheetName) => void;
}
