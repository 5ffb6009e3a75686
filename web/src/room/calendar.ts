/** A group's sessions as a calendar file (RFC 5545), made on the device: nobody else learns the titles. */
import type { SessionView } from "./plansView.ts";

const MINUTE = 60_000;
/** Bytes of a line (section 3.1). */
const LINE = 75;

export function calendarFile(sessions: readonly SessionView[]): string {
  const events = sessions.flatMap(({ plan, start, minutes, title, note }) => [
    "BEGIN:VEVENT",
    `UID:${plan}-${utc(start)}`,
    `DTSTAMP:${utc(start)}`,
    `DTSTART:${utc(start)}`,
    `DTEND:${utc(start + minutes * MINUTE)}`,
    `SUMMARY:${escaped(title)}`,
    ...(note === "" ? [] : [`DESCRIPTION:${escaped(note)}`]),
    "END:VEVENT",
  ]);
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//SafeSpace//EN", ...events, "END:VCALENDAR"];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

/** "20270112T190000Z" */
function utc(instant: number): string {
  return new Date(instant).toISOString().replace(/[-:]|\.\d+/g, "");
}

/** Text as a value (section 3.3.11). */
function escaped(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r\n|\r|\n/g, "\\n");
}

/** A long line goes on behind a line break and a space, between letters and never inside one. */
function folded(line: string): string {
  const bytes = new TextEncoder();
  let [text, length] = ["", 0];
  for (const letter of line) {
    const more = bytes.encode(letter).length;
    if (length + more > LINE) [text, length] = [`${text}\r\n `, 1];
    text += letter;
    length += more;
  }
  return text;
}
