/** Two people with one name: who comes later has a number behind it. `safespace.rooms.namesakes` numbers alike. */
import { taken } from "./names.ts";

const LONGEST = 40;
const NUMBERS = Array.from({ length: 98 }, (_, at) => at + 2);

/**
 * The name as it was asked for, or the first of "Hazel 2" to "Hazel 99" that nobody has; null where there is none.
 * `others` are the members' names.
 */
export function free(pseudonym: string, others: readonly string[]): string | null {
  const names = [pseudonym, ...NUMBERS.map((number) => `${pseudonym} ${number}`)];
  return names.find((name) => Array.from(name).length <= LONGEST && !taken(name, others)) ?? null;
}

/** Whether somebody who asked for one name may be given the other. */
export function isAsAsked(given: string, asked: string): boolean {
  return given === asked || NUMBERS.some((number) => given === `${asked} ${number}`);
}
