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

/** Says whose turn it is whenever that changes, also to who has a sheet open. What stood there on coming in is read, not said. */
export function FloorVoice({ room }: { room: RoomView }) {
  const live = room.live.value;
  const known = live !== null;
  const told = live && hasTurnLine(live) ? floorWords(room, live) : null;
  // Whose hand is up is to be seen, and not said for each.
  const then = live?.terms.mode === "open" ? null : afterMine(room) ?? told?.then ?? null;
  const words = told && [told.now, then].filter((part) => part !== null).join(". ");
  const before = useRef<string | null | undefined>(undefined);
  useEffect(() => {
    if (!known) return;
    const last = before.current;
    before.current = words;
    if (last !== undefined && words !== null && words !== last) say(words);
  }, [known, words]);
  return null;
}
