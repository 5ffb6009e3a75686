import { useEffect, useRef } from "preact/hooks";
import type { RoomView } from "../../room/types";
import { say } from "../say";
import { floorWords } from "./floorWords";

/** Says whose turn it is whenever that changes, also to who has a sheet open. What stood there on coming in is read, not said. */
export function FloorVoice({ room }: { room: RoomView }) {
  const live = room.live.value;
  const told = live && floorWords(room, live);
  const words = told && [told.now, told.then].filter((part) => part !== null).join(". ");
  const before = useRef<string | null | undefined>(undefined);
  useEffect(() => {
    if (live === null) return;
    const known = before.current;
    before.current = words;
    if (known !== undefined && words !== null && words !== known) say(words);
  }, [live === null, words]);
  return null;
}
