/**
 * Handover notes: what a facilitator leaves for those who run the next session. Said, signed and sealed as reports are,
 * under a label of their own. See docs/protocol.md, "Handover notes". `safespace.crypto.handovers` does the same.
 */
import { exact, type Of, uuid, whole } from "../form.ts";
import { handoverText } from "./texts.ts";

/** `seq` is the policy_seq at which its author says to have been a facilitator or above, `expires` is in milliseconds. */
export const handoverContent = exact({ v: whole(1, 1), id: uuid, seq: whole(0), expires: whole(0), text: handoverText });
export type HandoverContent = Of<typeof handoverContent>;
