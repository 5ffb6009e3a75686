/** How long a mute lasts, in words. */
import { t } from "../../i18n/text";
import type { MuteLength } from "../../net/wire";
import type { Mute } from "../../room/types";

export type Length = "120" | "300" | "900" | "session" | "lifted";
export const LENGTHS: readonly Length[] = ["120", "300", "900", "session", "lifted"];

export function muteLength(length: Length): MuteLength {
  return length === "session" || length === "lifted" ? length : Number(length);
}

/** On a button: "5 min". */
export function shortLength(length: Length): string {
  if (length === "session") return t("mute-session-short");
  if (length === "lifted") return t("mute-lifted-short");
  return t("minutes-short", { count: Number(length) / 60 });
}

/** "for 5 minutes" */
export function lengthWords(length: MuteLength): string {
  if (length === "session") return t("mute-session");
  if (length === "lifted") return t("mute-lifted");
  return t("mute-for", { count: Math.ceil(length / 60) });
}

const SLACK = 2;

/** "for 4 more minutes" */
export function leftWords({ until, session }: Mute, now: number): string {
  if (until === null) return t("mute-lifted");
  if (session) return t("mute-session");
  // A moment's difference of clocks makes five minutes no six.
  const seconds = Math.max(0, Math.floor((until - now) / 1000) - SLACK);
  return seconds <= 60 ? t("mute-left-seconds") : t("mute-left", { count: Math.ceil(seconds / 60) });
}
