/** When sessions are, in words. */
import { locale } from "../../i18n/language";
import { t } from "../../i18n/text";
import { machineTime } from "../../i18n/time";
import { isZone, ownZone } from "../../platform";
import { local } from "../../room/schedule";
import type { SessionView } from "../../room/plansView";

/** "Tuesday 7:30 pm in London", where that is not the time here; null where it is, or where this browser does not know the zone. */
export function thereWords({ start, zone }: SessionView): string | null {
  if (!isZone(zone) || local(start, zone) === local(start, ownZone())) return null;
  const options = { timeZone: zone, weekday: "long", hour: "numeric", minute: "2-digit" } as const;
  const when = new Intl.DateTimeFormat(locale.value, options).format(start);
  return t("session-there", { when, place: placeOf(zone) });
}

/** "London" of "Europe/London". */
export function placeOf(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

/** A date and a time as fields give them, as the milliseconds of the same date and time in UTC; null where one is missing. */
export function localTime(date: string, time: string): number | null {
  const found = Date.parse(`${date}T${time}Z`);
  return Number.isNaN(found) ? null : found;
}

/** The two fields of a local time. */
export function fieldsOf(time: number): { date: string; time: string } {
  const [date = "", rest = ""] = (machineTime(time) ?? "").split("T");
  return { date, time: rest.slice(0, 5) };
}
