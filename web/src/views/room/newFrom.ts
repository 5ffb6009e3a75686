import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { TalkView } from "../../room/types";
import { firstAfter, newestSeq } from "./lines";

/** The id of the first message that came while the person was away, for the line above it. Set once on entering, and anew when they look away. */
export function useNewFrom(room: TalkView): string | null {
  const since = useRef(room.readUpTo.peek());
  const settled = useRef(false);
  const [newFrom, setNewFrom] = useState<string | null>(null);
  const items = room.timeline.value;
  const ready = room.status.value === "live";

  // Before the next frame, in which what is in sight at the end counts as read.
  useLayoutEffect(() => {
    if (settled.current && document.visibilityState === "visible") return;
    setNewFrom(firstAfter(items, since.current));
    if (ready) settled.current = true;
  }, [items, ready]);

  useEffect(() => {
    const away = (): void => {
      if (document.visibilityState === "hidden") since.current = newestSeq(room.timeline.peek());
    };
    document.addEventListener("visibilitychange", away);
    return () => document.removeEventListener("visibilitychange", away);
  }, [room]);

  return newFrom;
}
