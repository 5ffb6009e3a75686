import { useEffect, useRef, useState } from "preact/hooks";
import type { TalkView } from "../../room/types";

/** So short that a page which is closed in the middle of a word has kept it: what is begun as it goes may not be done. */
const SAVE_AFTER_MS = 100;

/** What is being written in a room, kept on the device a moment after each change and before the page goes. `atOnce`: without that moment. */
export function useDraft(room: TalkView): [text: string, setText: (text: string, atOnce?: boolean) => void] {
  const [text, setText] = useState(() => room.draft());
  const latest = useRef(text);
  latest.current = text;

  useEffect(() => {
    const timer = setTimeout(() => {
      if (text !== room.draft()) room.saveDraft(text);
    }, SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [room, text]);

  useEffect(() => {
    const keep = (): void => {
      if (latest.current !== room.draft()) room.saveDraft(latest.current);
    };
    // Before what is open is closed.
    addEventListener("pagehide", keep, { capture: true });
    return () => {
      removeEventListener("pagehide", keep, { capture: true });
      keep();
    };
  }, [room]);

  const set = (next: string, atOnce = false): void => {
    setText(next);
    if (atOnce) room.saveDraft(next);
  };
  return [text, set];
}
