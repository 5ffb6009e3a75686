/** What an empty conversation may say of itself: that there is nothing here is not yet that nobody wrote. */
import { DAY } from "../../room/trust";
import type { NoticeKind, RoomView, TalkView } from "../../room/types";

/** Lines that stand where something was said. */
const STANDS_FOR: readonly NoticeKind[] = ["gap", "withheld", "unreadable"];

/** Whether this device has no message to show, nor has any further back. */
export function nothingSaid({ timeline, goesOn }: Pick<TalkView, "timeline" | "goesOn">): boolean {
  return !goesOn.value && !timeline.value.some(({ kind }) => kind === "message");
}

/**
 * Whether nobody has ever written: known to whom was here from the beginning and has read all there is, where nothing can
 * have ended since.
 */
export function nobodyWrote(room: Pick<RoomView, "timeline" | "goesOn" | "status" | "days">, now: number): boolean {
  const items = room.timeline.value;
  const began = items.find((item) => item.kind === "notice" && item.what === "created");
  if (!began || room.status.value !== "live" || !nothingSaid(room)) return false;
  if (items.some((item) => item.kind === "notice" && (item.what === "retained" || STANDS_FOR.includes(item.what)))) return false;
  return room.days.value === 0 || began.time + room.days.value * DAY > now;
}
