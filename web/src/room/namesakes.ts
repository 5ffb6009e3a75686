/** Two people with one name: who comes later has a number behind it. `safespace.rooms.namesakes` numbers alike. */
import { AppError } from "./errors.ts";
import type { refusal as Refusal } from "./names.ts";

const LONGEST = 40;
const NUMBERS = Array.from({ length: 98 }, (_, at) => at + 2);

/**
 * The name as it was asked for, or the first of "Hazel 2" to "Hazel 99" that can stand beside `others`. Throws AppError
 * `pseudonym_reserved`, or `pseudonym_taken` where no number is free.
 */
export function free(pseudonym: string, others: readonly string[], refusal: typeof Refusal): string {
  const code = refusal(pseudonym, others);
  if (code === null) return pseudonym;
  const names = code === "pseudonym_taken" ? NUMBERS.map((number) => `${pseudonym} ${number}`) : [];
  const name = names.find((one) => Array.from(one).length <= LONGEST && refusal(one, others) === null);
  if (name === undefined) throw new AppError(code);
  return name;
}

/** Whether somebody who asked for one name may be given the other. */
export function isAsAsked(given: string, asked: string): boolean {
  return given === asked || NUMBERS.some((number) => given === `${asked} ${number}`);
}
