import { useEffect, useRef } from "preact/hooks";
import { codePoints } from "../../form";
import { t } from "../../i18n/text";
import { say } from "../say";

/** Milliseconds without a key after which it is said that the words are too long. */
const SETTLED = 1000;

/** Whether these words are as long as they may be, or shorter. Nothing is cut: what is too long waits. */
export function fits(text: string, limit: number): boolean {
  return codePoints(text.trim()) <= limit;
}

/** Whether there is a counter: near the limit and past it. */
export function counts(text: string, limit: number): boolean {
  return limit - codePoints(text.trim()) <= Math.max(20, limit / 10);
}

/** Near the limit, how much may be added; past it, how much is too much. It is read with the field and not counted aloud. */
export function Counter({ id, text, limit }: { id: string; text: string; limit: number }) {
  const left = limit - codePoints(text.trim());
  const over = left < 0;
  const tooMuch = useRef(0);
  tooMuch.current = -left;
  useEffect(() => {
    if (!over) return;
    const timer = setTimeout(() => say(t("too-long", { count: tooMuch.current })), SETTLED);
    return () => clearTimeout(timer);
  }, [over]);
  if (!counts(text, limit)) return null;
  return (
    <p class={over ? "trouble" : "note"} id={id}>
      {over ? t("too-long", { count: -left }) : t("room-left", { count: left })}
    </p>
  );
}
