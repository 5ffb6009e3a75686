import { t } from "../../i18n/text";

const MINUTE_MS = 60_000;

/** "for 3 minutes": how long someone has waited by `now`, never less than a moment. */
export function waitedFor(since: number, now: number): string {
  const minutes = Math.max(0, Math.floor((now - since) / MINUTE_MS));
  if (minutes < 1) return t("waited-moment");
  if (minutes < 60) return t("waited-minutes", { count: minutes });
  return t("waited-hours", { count: Math.floor(minutes / 60) });
}
