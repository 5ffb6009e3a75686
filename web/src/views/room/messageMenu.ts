import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

const BUTTON = ".said-more";
/** What was told in a row, folded to a line. */
const FOLDED = ".told-open";

/**
 * Ways to a message's menu: a tap on its words, a long press, its button, and keys. Tab stops at the last message in
 * sight and the last folded line alone, so that nobody who passes is taken away from the end; from there the arrows go
 * from one to the next. A mouse keeps the browser's own menu.
 */
export function useMessageMenu(list: RefObject<HTMLElement>, onOpen: (seq: number) => void): void {
  const latest = useRef(onOpen);
  latest.current = onOpen;

  useLayoutEffect(() => {
    if (list.current) stopAtLast(list.current);
  });

  useEffect(() => {
    const onMenu = (event: Event): void => {
      const said = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-seq]") : null;
      if (!said || !("pointerType" in event) || event.pointerType !== "touch") return;
      event.preventDefault();
      latest.current(Number(said.dataset["seq"]));
    };
    const onClick = (event: MouseEvent): void => {
      const { target } = event;
      // What can be pressed in a message does its own; and who has just marked words wants to copy them.
      if (!(target instanceof Element) || target.closest("button, a, summary") || getSelection()?.isCollapsed === false) return;
      const said = target.closest(".said")?.closest<HTMLElement>("[data-seq]");
      if (said && said.querySelector(BUTTON)) latest.current(Number(said.dataset["seq"]));
    };
    const onKey = (event: KeyboardEvent): void => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step || !(event.target instanceof Element) || !event.target.matches(`${BUTTON}, ${FOLDED}`)) return;
      const buttons = buttonsIn(list.current, `${BUTTON}, ${FOLDED}`);
      const next = buttons.findIndex((button) => button === event.target) + step;
      event.preventDefault();
      buttons[next]?.focus();
    };
    const on = list.current;
    const onScroll = (): void => {
      if (on) stopAtLast(on);
    };
    on?.addEventListener("scroll", onScroll, { passive: true });
    on?.addEventListener("click", onClick);
    on?.addEventListener("contextmenu", onMenu);
    on?.addEventListener("keydown", onKey);
    return () => {
      on?.removeEventListener("scroll", onScroll);
      on?.removeEventListener("click", onClick);
      on?.removeEventListener("contextmenu", onMenu);
      on?.removeEventListener("keydown", onKey);
    };
  }, [list]);
}

function stopAtLast(list: HTMLElement): void {
  const { bottom } = list.getBoundingClientRect();
  for (const kind of [BUTTON, FOLDED]) {
    const buttons = buttonsIn(list, kind);
    const stop = buttons.findLast((button) => button.getBoundingClientRect().bottom <= bottom) ?? buttons.at(-1);
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  }
}

function buttonsIn(list: HTMLElement | null, kind: string): HTMLButtonElement[] {
  return [...(list?.querySelectorAll<HTMLButtonElement>(kind) ?? [])];
}
