/** What was done, in one sentence. */
import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import type { Deed } from "../../room/types";
import { aRole } from "../room/roleWord";
import { keptWords } from "./KeepingSheet";
import { lengthWords } from "./lasting";

const PLAIN: Readonly<Partial<Record<Deed["what"], MessageId>>> = {
  create: "deed-create",
  admit: "deed-admit",
  agree: "deed-agree",
  leave: "deed-leave",
  offer: "deed-offer",
  end_offer: "deed-end-offer",
  accept: "deed-accept",
  demote: "deed-demote",
  step_down: "deed-step-down",
  mute: "deed-mute",
  unmute: "deed-unmute",
  let_speak: "deed-let-speak",
  take_down: "deed-take-down",
  restore: "deed-restore",
  unban: "deed-unban",
  retain: "deed-retain",
  write_charter: "deed-write-charter",
  write_rules: "deed-write-rules",
  rename_group: "deed-rename-group",
  write_welcome: "deed-write-welcome",
  rename: "deed-rename",
};

const OF_SESSIONS: Readonly<Partial<Record<Deed["what"], MessageId>>> = {
  plan: "deed-plan",
  unplan: "deed-unplan",
  open_session: "deed-open-session",
  extend_session: "deed-extend-session",
  take_lead: "deed-take-lead",
  close_session: "deed-close-session",
  pause: "deed-pause",
  resume: "deed-resume",
  set_pace: "deed-pace",
  write_run_sheet: "deed-run-sheet",
  move_on: "deed-move-on",
  start_round: "deed-round",
  give_floor: "deed-give-floor",
  raise_hand: "deed-raise-hand",
  lower_hands: "deed-lower-hands",
  capsule: "deed-capsule",
  break_out: "deed-break-out",
  call_back: "deed-call-back",
  renew_room: "deed-renew-room",
  open_ballot: "deed-open-ballot",
  close_ballot: "deed-close-ballot",
};

/** What is two things, by what was said with it. */
function eitherWord({ what, whom, on, ban, seconds, mode, absent }: Deed): MessageId | null {
  switch (what) {
    case "remove":
      return ban ? "deed-ban" : "deed-remove";
    case "mute_all":
      return on ? "deed-quiet" : "deed-loud";
    case "between_sessions":
      return on ? "deed-between-on" : "deed-between-off";
    case "lock":
      return on ? "deed-lock" : "deed-unlock";
    case "slow_mode":
      return seconds ? "deed-slow" : "deed-not-slow";
    case "set_floor":
      return mode === "hands" ? "deed-hands" : "deed-open-floor";
    case "pass_turn":
      return absent ? "deed-skip-absent" : "deed-pass-turn";
    case "lower_hand":
      return whom ? "deed-lower-hand-of" : "deed-lower-hand";
    default:
      return null;
  }
}

/** Whether it is only taking a turn: what one does with one's own hand and turn, all evening long. */
export function isTurn({ what, whom, absent }: Deed): boolean {
  return what === "raise_hand" || (what === "pass_turn" && absent !== true) || (what === "lower_hand" && whom === null);
}

export function deedWords(deed: Deed): string {
  const { what, by, whom, role, length, days, seconds } = deed;
  return t(eitherWord(deed) ?? PLAIN[what] ?? OF_SESSIONS[what] ?? "deed-other", {
    by: by.pseudonym,
    whom: whom?.pseudonym ?? t("someone"),
    role: role ? aRole(role) : "",
    lasts: length === null ? "" : lengthWords(length),
    kept: days === null ? "" : keptWords(days),
    count: seconds ?? 0,
  });
}
