import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

let arrived = false;

/** Shows a new screen from its top and puts the focus on its heading, so that it is read from there. The first screen of a visit is left to the browser, and so is what stands there (`passing`) until it can be drawn. */
export function useArrival(screen: RefObject<HTMLElement>, passing = false): void {
  useEffect(() => {
    if (arrived) {
      scrollTo(0, 0);
      screen.current?.querySelector("h1")?.focus({ preventScroll: true });
    }
    if (!passing) arrived = true;
  }, [screen, passing]);
}
