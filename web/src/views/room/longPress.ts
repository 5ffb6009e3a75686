import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** A long press on a message opens its menu, as its button does. A mouse keeps the browser's own menu. */
export function useLongPress(list: RefObject<HTMLElement>, onOpen: (seq: number) => void): void {
  const latest = useRef(onOpen);
  latest.current = onOpen;
  useEffect(() => {
    const onMenu = (event: Event): void => {
      const said = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-seq]") : null;
      if (!said || !("pointerType" in event) || event.pointerType !== "touch") return;
      event.preventDefault();
      latest.current(Number(said.dataset["seq"]));
    };
    const on = list.current;
    on?.addEventListener("contextmenu", onMenu);
    return () => on?.removeEventListener("contextmenu", onMenu);
  }, [list]);
}
