/** Who gets a report. See docs/protocol.md, "Reports"; `safespace.rooms.reports` decides alike. */
import type { ReportContent } from "../crypto/reports.ts";
import { AppError } from "./errors.ts";
import { RANKS } from "./roles.ts";
import type { Role } from "./types.ts";

export type ReportKind = ReportContent["kind"];

/** Member ids, sorted; never the accused. Throws AppError `no_recipient` where nobody but the reporter is left. */
export function recipients(
  roles: Readonly<Record<string, Role>>,
  kind: ReportKind,
  accused: string | null,
  reporter: string,
): string[] {
  const those = (min: Role, max: Role = "owner"): string[] =>
    Object.entries(roles)
      .filter(([id, role]) => id !== accused && RANKS[role] >= RANKS[min] && RANKS[role] <= RANKS[max])
      .map(([id]) => id);
  const nobody = (found: readonly string[]): boolean => found.every((id) => id === reporter);

  const about = accused === null ? undefined : roles[accused];
  let found: string[];
  if (about && RANKS[about] >= RANKS.moderator) {
    found = those("owner");
    if (nobody(found)) found = those("facilitator");
  } else {
    found = those(kind === "check" ? "facilitator" : "moderator");
  }
  if (nobody(found)) throw new AppError("no_recipient");
  return found.sort();
}
