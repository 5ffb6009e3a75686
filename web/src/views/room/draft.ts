import { useEffect, useRef, useState } from "preact/hooks";
import type { TalkView } from "../../room/types";

/** So short that a page which is closed in the middle of a word has kept it: what is begun as it goes may not be done. */
const SAVE_AFTER_MS = 100;

/**
 * What is being written in a room, kept on the device a moment after each change and as the page goes out of sight. `atOnce`: without that moment.
 * Where another room takes the place of this one, and `carries`, the words go along, and nothing of them stays behind.
 */
export function useDraft(room: TalkView, carries: boolean): [text: string, setText: (text: string, atOnce?: boolean) => void] {
  const [text, setText] = useState(() => room.draft());
  const latest = useRef({ room, text });
  const { current: last } = latest;
  if (last.room !== room) {
    const going = carries && last.text !== "";
    if (going) last.room.saveDraft("");
    latest.current = { room, text: going ? last.text : room.draft() };
    setText(latest.current.text);
  } else {
    last.text = text;
  }

  useEffect(() => {
    const timer = setTimeout(() => {
      if (text !== room.draft()) room.saveDraft(text);
    }, SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [room, text]);

  useEffect(() => {
    const keep = (): void => {
      const { current } = latest;
      if (current.room === room && current.text !== room.draft()) room.saveDraft(current.text);
    };
    const onSight = (): void => {
      if (document.visibilityState === "hidden") keep();
    };
    document.addEventListener("visibilitychange", onSight);
    return () => {
      document.removeEventListener("visibilitychange", onSight);
      keep();
    };
  }, [room]);

  const set = (next: string, atOnce = false): void => {
    setText(next);
    if (atOnce) room.saveDraft(next);
  };
  return [text, set];
}
