import type { RefObject } from "preact";
import { useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { TalkView } from "../../room/types";
import { newestSeq } from "./lines";

export interface Following {
  readonly scroller: RefObject<HTMLDivElement>;
  readonly list: RefObject<HTMLDivElement>;
  /** null while the newest message is in sight; otherwise how many came since it went out of sight. */
  readonly below: number | null;
  readonly toLatest: () => void;
}

const NEAR_PX = 80;

/** Keeps the newest message in sight for whoever is at the end, leaves the others where they read, and marks as read what was seen. */
export function useFollow(room: TalkView): Following {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const placed = useRef(false);
  const [leftAt, setLeftAt] = useState<number | null>(null);
  const items = room.timeline.value;

  const seen = (): void => {
    if (!atEnd.current || document.visibilityState !== "visible" || room.status.peek() === "loading") return;
    const newest = newestSeq(room.timeline.peek());
    if (newest > room.readUpTo.peek()) room.markRead(newest);
  };

  const toEnd = (): void => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
  };

  // The button that was pressed goes away; the conversation takes its focus.
  const toLatest = (): void => {
    toEnd();
    scroller.current?.focus({ preventScroll: true });
  };

  // One's own message is always worth seeing.
  const mineLast = useRef<string | null>(null);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box || items.length === 0) return;
    const last = items.at(-1);
    const own = last?.kind === "message" && last.mine && last.state === "sending" && last.id !== mineLast.current;
    if (own) mineLast.current = last.id;
    if (!placed.current && room.status.peek() !== "loading") {
      placed.current = true;
      const line = box.querySelector("[data-new]");
      if (line) line.scrollIntoView({ block: "center" });
      else toEnd();
      return;
    }
    if (atEnd.current || own) toEnd();
  }, [items, room]);

  useEffect(() => {
    const box = scroller.current;
    const inside = list.current;
    if (!box || !inside) return;
    const onScroll = (): void => {
      atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
      setLeftAt((before) => (atEnd.current ? null : (before ?? newestSeq(room.timeline.peek()))));
      seen();
    };
    // The keyboard of a phone, a larger reading size: what was at the end stays there.
    const sizes = new ResizeObserver(() => {
      if (atEnd.current) toEnd();
    });
    sizes.observe(box);
    sizes.observe(inside);
    box.addEventListener("scroll", onScroll, { passive: true });
    document.addEventListener("visibilitychange", seen);
    return () => {
      sizes.disconnect();
      box.removeEventListener("scroll", onScroll);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [room]);

  useSignalEffect(() => {
    if (room.timeline.value.length > 0 && room.status.value !== "loading") requestAnimationFrame(seen);
  });

  const below = leftAt === null ? null : items.filter((item) => item.kind === "message" && !item.mine && (item.seq ?? 0) > leftAt).length;
  return { scroller, list, below, toLatest };
}
