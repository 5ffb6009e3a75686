import { useState } from "preact/hooks";
import { codeOf } from "../room/errors";

/** What an awaited step of the app is doing: under way, refused with a code, or neither. */
export interface Action {
  readonly busy: boolean;
  readonly code: string | null;
  /** Runs the step unless one is under way. A refusal's code is kept for the screen to show. */
  run(step: () => Promise<void>): void;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [code, setCode] = useState<string | null>(null);
  const run = (step: () => Promise<void>): void => {
    if (busy) return;
    setBusy(true);
    setCode(null);
    step()
      .catch((error: unknown) => setCode(codeOf(error)))
      .finally(() => setBusy(false));
  };
  return { busy, code, run };
}
