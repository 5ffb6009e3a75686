/**
 * When the thing that had the focus goes away, the focus goes to the heading of the sheet it was on; on a screen to the
 * conversation, where there is one, or else to the heading. Never back to nowhere.
 */
export function startFocusKeeper(): void {
  let last: Element | null = null;
  let around: Element | null = null;
  document.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof Element)) return;
    last = target;
    around = target.closest("dialog");
  });
  new MutationObserver(() => {
    if (!last || last.isConnected || document.activeElement !== document.body) return;
    const place = around?.isConnected ? around : document.body;
    const talk = place.querySelector<HTMLElement>("[role=log]");
    (talk ?? place.querySelector<HTMLElement>("h1[tabindex], h2[tabindex]"))?.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });
}
