/** Words of a form that outlast it: who closes a sheet by mistake, or reloads, finds them there again. */
import { useState } from "preact/hooks";
import { useApp } from "./context";

export interface Words {
  readonly text: string;
  /** For a `Field`. */
  readonly field: {
    readonly value: string;
    readonly onValue: (text: string) => void;
    /** Set where the words are of an earlier time, to begin anew. */
    readonly onClear: (() => void) | undefined;
  };
  /** They were sent, or are not wanted. */
  done(): void;
}

/** `place` says where these words are written; `start` is what stands there to begin with. */
export function useWords(place: string, start = ""): Words {
  const { unsent } = useApp();
  const [text, setText] = useState(() => unsent.get(place) ?? start);
  const [found, setFound] = useState(() => unsent.get(place) !== null);
  const set = (next: string): void => {
    setText(next);
    unsent.set(place, next === start ? null : next);
  };
  const clear = (): void => {
    setFound(false);
    set(start);
  };
  return {
    text,
    field: { value: text, onValue: set, onClear: found ? clear : undefined },
    done: () => unsent.set(place, null),
  };
}
