/** The quick exit: gone in one tap or by Escape three times, with no way back by the back button. */

const GONE = "gone";
const QUIET = "/quiet";
const PATIENCE_MS = 1500;

/** Empties the screen and puts a neutral page in its place. */
export function leaveQuickly(): void {
  document.body.replaceChildren();
  document.title = "";
  sessionStorage.clear();
  sessionStorage.setItem(GONE, "yes");
  if ("clearAppBadge" in navigator) void navigator.clearAppBadge().catch(() => undefined);
  location.replace(QUIET);
}

/** True when the neutral page is to be shown: asked for, or come upon by going back after a quick exit. */
export function shouldStayQuiet(): boolean {
  if (location.pathname === QUIET) return true;
  const [entry] = performance.getEntriesByType("navigation");
  const back = entry instanceof PerformanceNavigationTiming && entry.type === "back_forward";
  if (back && sessionStorage.getItem(GONE) !== null) return true;
  sessionStorage.removeItem(GONE);
  return false;
}

/** Watches for Escape pressed three times, and for a page kept by the browser coming back after an exit. */
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
  addEventListener("pageshow", (event) => {
    if (event.persisted && sessionStorage.getItem(GONE) !== null) location.replace(QUIET);
  });
}
