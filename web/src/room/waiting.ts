/** Who waits to be let in, and whether they need a closer look first. */
import type { WaitingPerson } from "./types.ts";

/** Whether nothing speaks against letting somebody in with all others. */
export function comesFreely({ genuine, replaces, removed, comesAs, asStaff }: Omit<WaitingPerson, "request">): boolean {
  return genuine && !replaces && !removed && !asStaff && comesAs !== null;
}
