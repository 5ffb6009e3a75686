/** Texts that are only ever inside the encryption, and how long they may be (in Unicode code points). */
import { text } from "../form.ts";

export const groupName = text(1, 80);
export const welcome = text(0, 500);
export const groundRules = text(1, 4000);
export const pseudonym = text(1, 40);
/** What a person says when asking to join. */
export const note = text(0, 500);
