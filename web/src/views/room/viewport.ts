import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

export interface Frame {
  /** Whether a keyboard leaves little of the screen. */
  readonly writing: boolean;
  /** Whether the letters are so large that fewer words fit on a line. */
  readonly big: boolean;
}

/** Part of the height that is left above a phone's keyboard at most. */
const ABOVE_KEYBOARD = 0.75;
/** Widths, in letters of the page's own size, under which a line holds fewer words: 360 pixels from 150 % on. */
const FEW_LETTERS = 15.5;

/** Keeps the room exactly as high as what is visible above a phone's keyboard, and knows how little fits in it. */
export function useFrame(frame: RefObject<HTMLElement>): Frame {
  const [now, setNow] = useState<Frame>({ writing: false, big: false });
  useLayoutEffect(() => {
    const viewport = window.visualViewport;
    /** The most that was visible at this width. */
    let most = { width: innerWidth, height: 0 };
    const fit = (): void => {
      // Zooming in also shrinks the visual viewport; then the page must keep its size.
      const zoomed = viewport !== null && viewport.scale !== 1;
      const covered = viewport !== null && !zoomed && viewport.height < innerHeight - 1;
      frame.current?.style.setProperty("--visible", covered ? `${viewport.height}px` : "100dvh");
      if (covered) scrollTo(0, 0);
      const height = covered ? viewport.height : innerHeight;
      if (most.width !== innerWidth) most = { width: innerWidth, height: 0 };
      most.height = Math.max(most.height, innerHeight, height);
      const typing = document.activeElement?.matches("textarea, input") === true;
      const writing = !zoomed && typing && height < most.height * ABOVE_KEYBOARD;
      const big = innerWidth / parseFloat(getComputedStyle(document.documentElement).fontSize) < FEW_LETTERS;
      setNow((before) => (before.writing === writing && before.big === big ? before : { writing, big }));
    };
    fit();
    // A reading size of one's own comes as an attribute of the page.
    const size = new MutationObserver(fit);
    size.observe(document.documentElement, { attributes: true, attributeFilter: ["data-size"] });
    viewport?.addEventListener("resize", fit);
    addEventListener("resize", fit);
    document.addEventListener("focusin", fit);
    document.addEventListener("focusout", fit);
    return () => {
      size.disconnect();
      viewport?.removeEventListener("resize", fit);
      removeEventListener("resize", fit);
      document.removeEventListener("focusin", fit);
      document.removeEventListener("focusout", fit);
    };
  }, [frame]);
  return now;
}
