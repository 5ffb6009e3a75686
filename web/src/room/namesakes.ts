/**
 * Two people with one name: who comes later has a number behind it. A name that is only drawn like another's gets none:
 * nobody comes upon such a name by chance. `safespace.rooms.namesakes` numbers alike.
 */
import { AppError } from "./errors.ts";
import type { refusal as Refusal } from "./names.ts";

const LONGEST = 40;
const NUMBERS = Array.from({ length: 98 }, (_, at) => at + 2);

/**
 * The name as it was asked for, or, where somebody has the same, the first of "Hazel 2" to "Hazel 99" that can stand beside
 * `others`. Throws AppError `pseudonym_reserved` or `pseudonym_taken`.
 */
export function free(pseudonym: string, others: readonly string[], refusal: typeof Refusal): string {
  const code = refusal(pseudonym, others);
  if (code === null) return pseudonym;
  const same = others.some((other) => plain(other) === plain(pseudonym));
  const names = code === "pseudonym_taken" && same ? NUMBERS.map((number) => `${pseudonym} ${number}`) : [];
  const name = names.find((one) => Array.from(one).length <= LONGEST && refusal(one, others) === null);
  if (name === undefined) throw new AppError(code);
  return name;
}

function plain(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s/gu, "");
}

/** Whether somebody who asked for one name may be given the other. */
export function isAsAsked(given: string, asked: string): boolean {
  return given === asked || NUMBERS.some((number) => given === `${asked} ${number}`);
}
