import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** Keeps the room exactly as high as what is visible above a phone's keyboard, on browsers that lay the keyboard over the page. */
export function useViewportHeight(frame: RefObject<HTMLElement>): void {
  useLayoutEffect(() => {
    const viewport = window.visualViewport;
    if (!viewport) return;
    const fit = (): void => {
      // Zooming in also shrinks the visual viewport; then the page must keep its size.
      const covered = viewport.scale === 1 && viewport.height < window.innerHeight - 1;
      frame.current?.style.setProperty("--visible", covered ? `${viewport.height}px` : "100dvh");
      if (covered) scrollTo(0, 0);
    };
    fit();
    viewport.addEventListener("resize", fit);
    return () => viewport.removeEventListener("resize", fit);
  }, [frame]);
}
