/** In an open floor a hand comes down once its owner has said something, in the room or in the capsule of its session. */
import { effect } from "@preact/signals";
import { lastSpoke } from "./airtime.ts";
import type { RoomView } from "./types.ts";

type Watched = Pick<RoomView, "live" | "me" | "timeline" | "passing" | "leading">;

/** Watches until what it returns is called. */
export function lowerAfterSpeaking(room: Watched): () => void {
  /** When this person had last spoken as the hand went up; null while it is down. */
  let before: number | null = null;
  return effect(() => {
    const live = room.live.value;
    const me = room.me.value?.id ?? "";
    const spoke = [room.timeline, room.passing.capsule.value?.timeline].map((items) => lastSpoke(items?.value ?? [], me) ?? 0);
    const last = Math.max(...spoke);
    if (live?.terms.mode !== "open" || !live.floor.queue.includes(me)) {
      before = null;
    } else if (before === null) {
      before = last;
    } else if (last > before) {
      before = last;
      // Lowered by somebody else meanwhile, or to be lowered with the next words.
      room.leading.lowerHand().catch(() => undefined);
    }
  });
}
