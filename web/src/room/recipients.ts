/** Who gets a report. See docs/protocol.md, "Reports"; `safespace.rooms.reports` decides alike. */
import type { ReportContent } from "../crypto/reports.ts";
import { AppError } from "./errors.ts";
import { goesOnAs, idsOf } from "./former.ts";
import { may, RANKS } from "./roles.ts";
import type { Roll } from "./roll.ts";
import type { State } from "./state.ts";
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

/**
 * Whether somebody can have been a reader of a report: it was sealed to them, or they once were of staff and may have been
 * handed it; the accused never.
 */
export function mayHaveRead(
  state: State, roll: Roll, member: string, { accused, to }: Pick<ReportContent, "accused" | "to">,
): boolean {
  if (accused !== null && goesOnAs(state, member) === goesOnAs(state, accused)) return false;
  return to.includes(member) || rolesEver(state, roll, member).some((role) => may(role, "read_reports"));
}

/** The roles that somebody has or had here, also under ids that they had before. */
export function rolesEver(state: State, roll: Roll, id: string): Role[] {
  return idsOf(state, id).flatMap((one) => {
    const ever = [state.members[one]?.role ?? null, ...(roll[one]?.roles ?? []).map(({ role }) => role)];
    return ever.filter((role) => role !== null);
  });
}
