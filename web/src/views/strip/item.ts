/** What can stand in the one line under the header. */
import type { IconName } from "../shared/Icon";

/**
 * By how much it needs a look: 1 the server did what was not agreed, 2 a call for help, 3 no connection, 4 a report waits, 5 someone waits at
 * the door, 6 the room itself or other words, 7 small rooms, 8 a question without names or for oneself, 9 nothing is kept, 10 an offer. The first five are amber.
 */
export type Rank = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

/** Leads to a page or a sheet, or does something. */
export type StripAction = { readonly words: string } & (
  | { readonly href: string }
  | { readonly open: () => void }
  | { readonly act: () => Promise<void> }
);

export interface StripItem {
  /** What it is about, and how it stands with it: what changes this is said anew. */
  readonly key: string;
  readonly rank: Rank;
  readonly icon: IconName;
  /** Up to 28 characters, where no name is among them. */
  readonly words: string;
  /** The same in full, for whoever hears it. */
  readonly full: string;
  /** Said at once, whatever is being said. */
  readonly loud?: boolean;
  /** What of it changes with time, such as minutes, and is not said again. */
  readonly aside?: string;
  readonly action?: StripAction | undefined;
}

export function isAmber({ rank }: StripItem): boolean {
  return rank <= 5;
}

/** Those that are there, the first to look at first. */
export function inOrder(items: readonly (StripItem | null | undefined | false)[]): readonly StripItem[] {
  return items.filter((item) => item !== null && item !== undefined && item !== false).sort((a, b) => a.rank - b.rank);
}
