import type { RoomView } from "../../room/types";

/** The side things of a room. */
export type SheetName =
  | { readonly kind: "menu" | "people" | "waiting" | "invite" | "about" | "leave" | "warnings" }
  | { readonly kind: "person"; readonly member: string };

/** What every sheet of a room is given. */
export interface InRoom {
  readonly room: RoomView;
  readonly onClose: () => void;
  readonly onGo: (sheet: SheetName) => void;
}
