/** The words of the room and of the pages beside it, which come with its part of the pages. */
import account from "./en.account.ftl?raw";
import ballots from "./en.ballots.ftl?raw";
import care from "./en.care.ftl?raw";
import doors from "./en.doors.ftl?raw";
import pages from "./en.pages.ftl?raw";
import plan from "./en.plan.ftl?raw";
import session from "./en.session.ftl?raw";
import reports from "./en.reports.ftl?raw";
import room from "./en.room.ftl?raw";
import { addWords } from "./text";

export function startCareWords(): void {
  const english = [account, ballots, care, doors, pages, plan, reports, room, session].join("\n");
  addWords({ "en": english, "qps-plocm": english });
}
