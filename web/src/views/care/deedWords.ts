/** What was done, in one sentence. */
import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import type { Deed } from "../../room/types";
import { aRole } from "../room/roleWord";
import { keptWords } from "./KeepingSheet";
import { lengthWords } from "./lasting";

const PLAIN: Readonly<Record<Exclude<Deed["what"], "remove" | "mute_all">, MessageId>> = {
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
};

export function deedWords({ what, by, whom, role, length, on, days, ban }: Deed): string {
  const values = {
    by: by.pseudonym,
    whom: whom?.pseudonym ?? t("someone"),
    role: role ? aRole(role) : "",
    lasts: length === null ? "" : lengthWords(length),
    kept: days === null ? "" : keptWords(days),
  };
  if (what === "remove") return t(ban ? "deed-ban" : "deed-remove", values);
  if (what === "mute_all") return t(on ? "deed-quiet" : "deed-loud", values);
  return t(PLAIN[what], values);
}
