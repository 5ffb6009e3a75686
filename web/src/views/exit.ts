/** The quick exit: gone in one tap or by Shift three times, with no way back by the back button. */

import { badge, cameBack, ofTab } from "../platform";
import { isComposing } from "./keys";

const GONE = "gone";
const QUIET = "/quiet";
const PATIENCE_MS = 1500;

/** Empties the screen and puts a neutral page in its place. */
export function leaveQuickly(): void {
  document.body.replaceChildren();
  document.title = "";
  ofTab.clear();
  ofTab.set(GONE, "yes");
  void badge(0);
  location.replace(QUIET);
}

/** True when the neutral page is to be shown: asked for, or come upon by going back after a quick exit. */
export function shouldStayQuiet(): boolean {
  if (location.pathname === QUIET) return true;
  if (cameBack() && ofTab.get(GONE) !== null) return true;
  ofTab.remove(GONE);
  return false;
}

/**
 * Watches for Shift pressed three times in quick succession, and for a page that the browser kept coming back. Shift does
 * nothing by itself, so that nobody leaves by closing things; whatever is done in between begins the count anew.
 */
export function startExit(): void {
  let presses: number[] = [];
  let alone = false;
  const anew = (): void => {
    presses = [];
    alone = false;
  };
  const onDown = (event: KeyboardEvent): void => {
    if (event.key !== "Shift" || isComposing(event)) anew();
    else alone = true;
  };
  // Once it is let go of: until then it may belong to another key.
  const onUp = ({ key, timeStamp }: KeyboardEvent): void => {
    if (key !== "Shift" || !alone) return;
    alone = false;
    presses = [...presses.filter((time) => timeStamp - time < PATIENCE_MS), timeStamp];
    if (presses.length >= 3) leaveQuickly();
  };
  document.addEventListener("keydown", onDown, { capture: true });
  document.addEventListener("keyup", onUp, { capture: true });
  // Shift is held to mark words with a mouse, and an input method may take the keys for itself.
  for (const other of ["pointerdown", "compositionstart", "compositionend"]) document.addEventListener(other, anew, { capture: true });
  // A page that the browser keeps is shown for a moment before it can do anything: of this one there is nothing left to see.
  addEventListener("pagehide", (event) => {
    if (event.persisted) document.body.replaceChildren();
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    // What was kept of the page has closed what it had open (`room/app.ts`).
    if (ofTab.get(GONE) !== null) location.replace(QUIET);
    else location.reload();
  });
}
