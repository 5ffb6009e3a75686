/** What was just done and can be undone for a moment. There is always another, slower way. */
import { signal } from "@preact/signals";

export interface Undoable {
  readonly words: string;
  /** null where it cannot be undone: then it is only said. */
  readonly undo: (() => Promise<void>) | null;
  /** What it did is to be seen anyway, so that it is only said. */
  readonly heard?: boolean;
}

/** Milliseconds for which it is offered. */
const OFFERED = 10_000;

const current = signal<Undoable | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

export const undoable = current as { readonly value: Undoable | null };

export function offerUndo(done: Undoable): void {
  clearTimeout(timer);
  current.value = done;
  timer = setTimeout(forgetUndo, OFFERED);
}

export function forgetUndo(): void {
  clearTimeout(timer);
  current.value = null;
}
