/** The words of the room, which come with its part of the pages. */
import care from "./en.care.ftl?raw";
import doors from "./en.doors.ftl?raw";
import session from "./en.session.ftl?raw";
import reports from "./en.reports.ftl?raw";
import room from "./en.room.ftl?raw";
import { addWords } from "./text";

export function startCareWords(): void {
  const english = `${care}\n${doors}\n${reports}\n${room}\n${session}`;
  addWords({ "en": english, "qps-plocm": english });
}
