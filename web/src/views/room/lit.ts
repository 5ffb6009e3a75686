import type { Said } from "./lines";

/** Who has the floor, and since when (milliseconds). */
export interface Lit {
  readonly member: string;
  readonly since: number;
}

/** Whether this is said by who has the floor, in the turn that is on. */
export function isLit({ first, messages }: Said, lit: Lit | null): boolean {
  return lit !== null && first.sender === lit.member && (messages.at(-1)?.time ?? 0) >= lit.since;
}
