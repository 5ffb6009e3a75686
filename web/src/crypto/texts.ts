/** Texts that are only ever inside the encryption, and how long they may be (in Unicode code points). */
import { type Form, FormError, text } from "../form.ts";

type Ranges = readonly (readonly [number, number])[];

// Controls, changes of direction, what takes no place and what is no character: a name with these could look like someone
// else's. By code points, not by Unicode's categories: those change, and all devices have to judge alike (`safespace.crypto.texts`).
const UNSEEN: Ranges = [
  [0x0000, 0x001f], [0x007f, 0x009f], [0x00ad, 0x00ad], [0x034f, 0x034f], [0x061c, 0x061c], [0x115f, 0x1160],
  [0x17b4, 0x17b5], [0x180b, 0x180f], [0x200b, 0x200b], [0x200e, 0x200f], [0x2028, 0x202e], [0x2060, 0x206f],
  [0x2800, 0x2800], [0x2d7f, 0x2d7f], [0x3164, 0x3164], [0xd800, 0xdfff], [0xfdd0, 0xfdef], [0xfeff, 0xfeff],
  [0xffa0, 0xffa0], [0xfff0, 0xfffb], [0xfffe, 0xffff], [0x13430, 0x1343f], [0x16fe4, 0x16fe4], [0x1bca0, 0x1bca3],
  [0x1d159, 0x1d159], [0x1d173, 0x1d17a], [0xe0000, 0xe0fff],
];
/** White space and joiners, of use only within a name. */
const INSIDE: Ranges = [
  [0x0020, 0x0020], [0x00a0, 0x00a0], [0x1680, 0x1680], [0x2000, 0x200a], [0x200c, 0x200d], [0x202f, 0x202f],
  [0x205f, 0x205f], [0x3000, 0x3000],
];
/** What only changes the look of the one before. */
const VARIATIONS: Ranges = [[0xfe00, 0xfe0f]];

function isIn(ranges: Ranges, char = ""): boolean {
  const point = char.codePointAt(0) ?? 0;
  return ranges.some(([first, last]) => first <= point && point <= last);
}

/** Whether nothing of it would be seen: an empty bubble is no message. */
export function isBlank(written: string): boolean {
  return Array.from(written).every((char) => isIn([...UNSEEN, ...INSIDE, ...VARIATIONS], char));
}

/** Text with nothing unseen in it, which begins and ends with something seen. */
function name(max: number): Form<string> {
  const form = text(1, max);
  return (value) => {
    const given = form(value);
    const chars = Array.from(given);
    if (chars.some((char) => isIn(UNSEEN, char)) || isIn([...INSIDE, ...VARIATIONS], chars[0]) || isIn(INSIDE, chars.at(-1))) {
      throw new FormError("invalid_field");
    }
    return given;
  };
}

/** Text in which something is seen. */
function words(max: number): Form<string> {
  const form = text(1, max);
  return (value) => {
    const given = form(value);
    if (isBlank(given)) throw new FormError("invalid_field");
    return given;
  };
}

/** How long each may be, in Unicode code points. */
export const LONGEST = {
  groupName: 80, welcome: 500, groundRules: 4000, charter: 4000, pseudonym: 40, note: 500, doorWord: 280, handover: 2000,
  reason: 300, message: 8000, contentNote: 80, pauseNote: 200, title: 80, prompt: 200, sessionNote: 500, cardTitle: 120,
  cardText: 2000, report: 1000, answer: 500,
} as const;

export const groupName = name(LONGEST.groupName);
export const welcome = text(0, LONGEST.welcome);
export const groundRules = words(LONGEST.groundRules);
/** What moderators and facilitators agree to before they become one. */
export const charter = words(LONGEST.charter);
export const pseudonym = name(LONGEST.pseudonym);
/** What a person says when asking to join. */
export const note = text(0, LONGEST.note);
/** What someone who waits to be let in is told. */
export const doorWord = words(LONGEST.doorWord);
/** What a facilitator leaves for the next. */
export const handoverText = words(LONGEST.handover);
/** Why someone was muted or removed, or a message taken down. */
export const reason = words(LONGEST.reason);
/** What is said in a room. That it is not too long is for who writes it to see: it is bounded by its bytes (`said.ts`). */
export const messageText = words(Infinity);
/** What a message is folded away under until tapped. */
export const contentNote = words(LONGEST.contentNote);
/** Why the room was paused. */
export const pauseNote = words(LONGEST.pauseNote);
/** What a session, or a segment of it, is called. */
export const title = name(LONGEST.title);
/** What people are asked anonymously. */
export const prompt = name(LONGEST.prompt);
/** What a session is about. */
export const sessionNote = text(0, LONGEST.sessionNote);
/** A resource card. */
export const cardTitle = words(LONGEST.cardTitle);
export const cardText = words(LONGEST.cardText);
/** What is said with a report, or of it. */
export const reportText = text(0, LONGEST.report);
export const reportAnswer = words(LONGEST.report);
/** What is answered without a name. */
export const answerText = text(0, LONGEST.answer);
