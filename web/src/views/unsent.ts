/** Words of a form that outlast it: who closes a sheet by mistake, or reloads, finds them there again. Nothing is cut. */
import { useState } from "preact/hooks";
import { isBlank } from "../crypto/texts";
import { useApp } from "./context";
import { fits } from "./shared/Counter";

export interface Words {
  readonly text: string;
  /** As it is sent: null for nothing. */
  readonly given: string | null;
  /** Whether it is short enough to be sent. */
  readonly fits: boolean;
  /** Whether it was found here, from an earlier time. */
  readonly found: boolean;
  /** For a `Field`. */
  readonly field: {
    readonly value: string;
    readonly onValue: (text: string) => void;
    readonly limit: number;
    readonly onClear: (() => void) | undefined;
  };
  /** They are what stood there to begin with. */
  clear(): void;
  /** They were sent, or are not wanted. */
  done(): void;
}

/** `place` says where these words are written; `start` is what stands there to begin with; of what `passes` nothing is on the disk. */
export function useWords(place: string, limit: number, start = "", passes = false): Words {
  const { unsent } = useApp();
  const [text, setText] = useState(() => unsent.get(place) ?? start);
  const [found, setFound] = useState(() => unsent.get(place) !== null);
  const set = (next: string): void => {
    setText(next);
    unsent.set(place, next === start ? null : next, passes);
  };
  const clear = (): void => {
    setFound(false);
    set(start);
  };
  return {
    text,
    given: isBlank(text) ? null : text.trim(),
    fits: fits(text, limit),
    found,
    field: { value: text, onValue: set, limit, onClear: found ? clear : undefined },
    clear,
    done: () => unsent.set(place, null),
  };
}
