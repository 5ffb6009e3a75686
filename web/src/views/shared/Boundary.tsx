import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";

/** What cannot be drawn takes nothing down that stands around it: `instead` stands in its place. */
export function Boundary({ children, instead }: { children: ComponentChildren; instead: ComponentChildren }) {
  const error: unknown = useErrorBoundary((thrown: unknown) => reportError(thrown))[0];
  return <>{error === undefined ? children : instead}</>;
}
