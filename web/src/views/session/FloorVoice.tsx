import { useEffect, useRef } from "preact/hooks";
import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { say } from "../say";
import { floorWords } from "./floorWords";
import { nameOf } from "./people";
import { hasTurnLine } from "./TurnLine";

/** In one's own turn the line has "then Moss"; to the ear it is a sentence. */
function afterMine(room: RoomView): string | null {
  const live = room.live.value;
  const holder = live?.floor.holder ?? null;
  if (!live || live.upNext === null || holder === null || holder !== room.me.value?.id) return null;
  return t("floor-next-other", { name: nameOf(room, live.upNext) });
}

/**
 * Says whose turn it is and one's own place whenever that changes, also to who has a sheet open; while the same person
 * has the floor, only what is new of one's place. What stood there on coming in is read, not said.
 */
export function FloorVoice({ room }: { room: RoomView }) {
  const live = room.live.value;
  const known = live !== null;
  const told = live && hasTurnLine(live) ? floorWords(room, live) : null;
  // Whose hand is up is to be seen, and not said for each.
  const then = live?.terms.mode === "open" ? null : afterMine(room) ?? told?.then ?? null;
  const now = told?.now ?? null;
  const before = useRef<{ readonly now: string | null; readonly then: string | null } | null>(null);
  useEffect(() => {
    if (!known) return;
    const last = before.current;
    before.current = { now, then };
    if (last === null || (last.now === now && last.then === then)) return;
    const words = [last.now === now ? null : now, then].filter((part) => part !== null);
    if (words.length > 0) say(words.join(". "));
  }, [known, now, then]);
  return null;
}
