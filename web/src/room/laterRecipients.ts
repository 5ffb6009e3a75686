/** To whom a report that waits is handed on. As `safespace.rooms.reports`. */
import type { ReportContent } from "../crypto/reports.ts";
import { AppError } from "./errors.ts";
import { goesOnAs } from "./former.ts";
import { recipients, rolesEver } from "./recipients.ts";
import { may, RANKS } from "./roles.ts";
import type { Roll } from "./roll.ts";
import type { State } from "./state.ts";
import type { Role } from "./types.ts";

/**
 * The members to whom a report that waits may be handed on: those to whom it would go if it were filed now, and whoever it
 * was sealed to and is of staff, also as whom they go on. Never the accused.
 *
 * Who was ever of staff, as far as this device saw it, is reported on as of staff: whoever was kept from a report about
 * one of their own does not get it because that one stepped down.
 */
export function laterRecipients(
  state: State, roll: Roll, { kind, accused, to }: Pick<ReportContent, "kind" | "accused" | "to">, reporter: string,
): ReadonlySet<string> {
  const about = accused === null ? null : goesOnAs(state, accused);
  const roles: Record<string, Role> = Object.fromEntries(Object.entries(state.members).map(([id, { role }]) => [id, role]));
  const held = about === null ? [] : rolesEver(state, roll, about).sort((one, other) => RANKS[other] - RANKS[one]);
  if (about !== null && held[0]) roles[about] = held[0];
  let found: readonly string[] = [];
  try {
    found = recipients(roles, kind, about, goesOnAs(state, reporter));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  const all = [...found, ...to.map((id) => goesOnAs(state, id))];
  return new Set(all.filter((id) => id !== about && may(state.members[id]?.role ?? "guest", "read_reports")));
}
