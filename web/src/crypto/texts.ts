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

export const groupName = name(80);
export const welcome = text(0, 500);
export const groundRules = text(1, 4000);
/** What moderators and facilitators agree to before they become one. */
export const charter = text(1, 4000);
export const pseudonym = name(40);
/** What a person says when asking to join. */
export const note = text(0, 500);
/** What someone who waits to be let in is told. */
export const doorWord = text(1, 280);
/** What a facilitator leaves for the next. */
export const handoverText = text(1, 2000);
/** Why someone was muted or removed, or a message taken down. */
export const reason = text(1, 300);
/** What a message is folded away under until tapped. */
export const contentNote = text(1, 80);
/** Why the room was paused. */
export const pauseNote = text(1, 200);
/** What a session, or a segment of it, is called. */
export const title = name(80);
/** What people are asked anonymously. */
export const prompt = name(200);
/** What a session is about. */
export const sessionNote = text(0, 500);
/** A resource card. */
export const cardTitle = text(1, 120);
export const cardText = text(1, 2000);
