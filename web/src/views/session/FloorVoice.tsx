import { useEffect, useRef } from "preact/hooks";
import type { RoomView } from "../../room/types";
import { say } from "../say";
import { floorWords } from "./floorWords";
import { hasTurnLine } from "./TurnLine";

/** Says whose turn it is whenever that changes, also to who has a sheet open. What stood there on coming in is read, not said. */
export function FloorVoice({ room }: { room: RoomView }) {
  const live = room.live.value;
  const known = live !== null;
  const told = live && hasTurnLine(live) ? floorWords(room, live) : null;
  // Whose hand is up is to be seen, and not said for each.
  const then = live?.terms.mode === "open" ? null : (told?.then ?? null);
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
