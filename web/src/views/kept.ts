/** Dates, choices and switches of a form: kept like its words (`unsent.ts`), for who closes it by mistake. */
import { useState } from "preact/hooks";
import { useApp } from "./context";

export interface Kept<T> {
  readonly now: T;
  /** Whether something was found here, from an earlier time. */
  readonly found: boolean;
  set(part: Partial<T>): void;
  /** It is as it was to begin with. */
  clear(): void;
  /** It was sent, or is not wanted. */
  done(): void;
}

/** `place` says which form it is; `start` is what is chosen there to begin with. */
export function useKept<T extends object>(place: string, start: T): Kept<T> {
  const { unsent } = useApp();
  const [begin] = useState(start);
  const [chosen, setChosen] = useState<Partial<T>>(() => JSON.parse(unsent.get(place) ?? "{}") as Partial<T>);
  const [found, setFound] = useState(() => unsent.get(place) !== null);
  const done = (): void => unsent.set(place, null);
  return {
    now: { ...begin, ...chosen },
    found,
    set: (part) => {
      const next = { ...chosen, ...part };
      setChosen(next);
      unsent.set(place, JSON.stringify(next));
    },
    clear: () => {
      setChosen({});
      setFound(false);
      done();
    },
    done,
  };
}
