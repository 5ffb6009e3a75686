import { useAction } from "../action";
import { offerUndo } from "../care/undo";

export interface Done {
  readonly busy: boolean;
  readonly code: string | null;
  /** Does it, says so, and closes the sheet; with null for words the sheet stays open. `undo` takes it back. */
  run(step: () => Promise<void>, words: string | null, undo?: () => Promise<void>): void;
}

/** What is done on a sheet about the session. */
export function useDone(onClose: () => void): Done {
  const action = useAction();
  return {
    busy: action.busy,
    code: action.code,
    run: (step, words, undo) =>
      action.run(async () => {
        await step();
        if (words === null) return;
        offerUndo({ words, undo: undo ?? null, heard: undo === undefined });
        onClose();
      }),
  };
}
