import type { ComponentChildren } from "preact";

/** The heading of a screen; it takes the focus when the screen appears. */
export function Heading({ children, hero }: { children: ComponentChildren; hero?: boolean }) {
  return (
    <h1 tabIndex={-1} class={hero ? "hero" : undefined}>
      {children}
    </h1>
  );
}
