import { useEffect, useReducer, useRef } from "preact/hooks";
import type { StripItem } from "./item";

/** Milliseconds after a tap near the line in which nothing new takes it, so that nobody taps what just came. */
const STILL = 1_000;
/** Pixels below the line that count as near it. */
const NEAR = 48;

/** What stands in the line: the first of the items, except that nothing takes it right after a tap near it. */
export function useFront(items: readonly StripItem[], strip: { readonly current: HTMLElement | null }): StripItem | null {
  const shown = useRef<string | undefined>(undefined);
  const tapped = useRef(-Infinity);
  const [, again] = useReducer((times: number) => times + 1, 0);
  useEffect(() => {
    const onDown = (event: PointerEvent): void => {
      const bottom = strip.current?.getBoundingClientRect().bottom ?? 0;
      if (event.clientY <= bottom + NEAR) tapped.current = performance.now();
    };
    document.addEventListener("pointerdown", onDown, { capture: true });
    return () => document.removeEventListener("pointerdown", onDown, { capture: true });
  }, [strip]);
  const [first] = items;
  const left = tapped.current + STILL - performance.now();
  const waits = first !== undefined && first.key !== shown.current && left > 0;
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(() => again(undefined), left);
    return () => clearTimeout(timer);
  });
  if (waits) return items.find(({ key }) => key === shown.current) ?? null;
  shown.current = first?.key;
  return first ?? null;
}
