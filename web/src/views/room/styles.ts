/** The looks of what only a room has: they come with its part of the pages, so that a first load does not carry them. */
import ballots from "../../styles/ballots.css?inline";
import care from "../../styles/care.css?inline";
import foot from "../../styles/foot.css?inline";
import half from "../../styles/half.css?inline";
import plan from "../../styles/plan.css?inline";
import reports from "../../styles/reports.css?inline";
import room from "../../styles/room.css?inline";
import session from "../../styles/session.css?inline";
import strip from "../../styles/strip.css?inline";

export function startRoomStyles(): void {
  const styles = new CSSStyleSheet();
  styles.replaceSync(`${room}\n${ballots}\n${care}\n${plan}\n${reports}\n${session}\n${strip}\n${foot}\n${half}`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, styles];
}
