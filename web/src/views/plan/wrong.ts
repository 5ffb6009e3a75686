/** What is wrong with a date, next to its field. */
import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";

const TIMES: Readonly<Record<string, MessageId>> = {
  in_the_past: "plan-in-the-past",
  overlapping: "plan-overlapping",
  impossible_recurrence: "plan-impossible",
};

/** null where the refusal is about something else. */
export function wrongTime(code: string | null): string | null {
  const words = code === null ? undefined : TIMES[code];
  return words ? t(words) : null;
}
