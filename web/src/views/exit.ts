/** The quick exit: gone in one tap or by Escape three times, with no way back by the back button. */

import { badge, cameBack, ofTab } from "../platform";

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

/** Watches for Escape pressed three times, and for a page that the browser kept coming back. */
export function startExit(): void {
  let presses: number[] = [];
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || event.repeat) return;
      presses = [...presses.filter((time) => event.timeStamp - time < PATIENCE_MS), event.timeStamp];
      if (presses.length >= 3) leaveQuickly();
    },
    { capture: true },
  );
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
