/**
 * What the pages say to those who do not look: once, in one place, and where it is heard. A browser keeps silent about all
 * that lies under an open sheet, so each sheet has such a place too (`shared/Announcer.tsx`), and the topmost one speaks.
 */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** `now`: interrupts what is being said. */
export type When = "politely" | "now";

export interface Line {
  readonly id: number;
  /** By which it can be taken back. */
  readonly key: string | null;
  readonly words: string;
  readonly when: When;
  /** null until there is one. */
  readonly place: symbol | null;
  readonly since: number;
}

/** Milliseconds after which a line has been read out, and is not to be come upon any more. */
const STAYS = 10_000;
/** Milliseconds in which a line may be lost with the sheet that it was said in. */
const UNHEARD = 1000;

const places = signal<readonly symbol[]>([]);
const lines = signal<readonly Line[]>([]);
let last = 0;

export const spoken = lines as { readonly value: readonly Line[] };

/** The same words at the same moment, of two rooms or of two who watch one thing, are said once; what has a key is said each time. */
export function say(words: string, { key = null, when = "politely" }: { key?: string | null; when?: When } = {}): void {
  const same = (line: Line): boolean => line.words === words && line.key === key && key === null && performance.now() - line.since < UNHEARD;
  if (lines.peek().some(same)) return;
  const line = { id: ++last, key, words, when, place: places.peek().at(-1) ?? null, since: performance.now() };
  lines.value = [...lines.peek(), line];
  setTimeout(() => drop(({ id }) => id === line.id), STAYS);
}

/** What has been taken down or folded away since is not to be found here either. */
export function unsay(keys: ReadonlySet<string>): void {
  drop(({ key }) => key !== null && keys.has(key));
}

function drop(which: (line: Line) => boolean): void {
  if (lines.peek().some(which)) lines.value = lines.peek().filter((line) => !which(line));
}

/** A place to speak in, above those before it; gives what takes it away again. */
export function openPlace(place: symbol): () => void {
  places.value = [...places.peek(), place];
  lines.value = lines.peek().map((line) => (line.place === null ? { ...line, place } : line));
  return () => {
    places.value = places.peek().filter((one) => one !== place);
    const next = places.peek().at(-1) ?? null;
    const now = performance.now();
    lines.value = lines.peek().flatMap((line) => (line.place !== place ? line : now - line.since < UNHEARD ? { ...line, place: next } : []));
  };
}

/** Says these words when they come and whenever they change; null is nothing. */
export function useSay(words: string | null, when: When = "politely"): void {
  useEffect(() => {
    if (words !== null) say(words, { when });
  }, [words, when]);
}
