/** What is sealed to some of a group's members, to each in a box of their own. As `safespace.rooms.boxes`. */
import { b64, exact, type Form, FormError, list, type Of, text } from "../form.ts";
import { identity } from "../net/wire.ts";

/** Members that one thing is sealed to. */
export const MAX_BOXES = 64;
const MAX_BOX = 2048;

const box: Form<string> = (value) => text(0, MAX_BOX)(b64(value));
const unsorted = list(exact({ member: identity, box }), 1, MAX_BOXES);

export type Boxes = Of<typeof unsorted>;

/** Sorted by member, one for each. */
export const boxes: Form<Boxes> = (value) => {
  const read = unsorted(value);
  const sorted = read.every(({ member }, at) => at === 0 || (read[at - 1]?.member ?? "") < member);
  if (!sorted) throw new FormError("invalid_field");
  return read;
};
