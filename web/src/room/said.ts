/** What members say: the content of messages, and the little there is beside words. The SDK reads and writes alike. */
import { canonicalJson, equalBytes, fromUtf8, type Bytes } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { cardText, cardTitle, contentNote, messageText } from "../crypto/texts.ts";
import { exact, FormError, nullable, type Of, oneOf, tagged, uuid, whole, yesOrNo } from "../form.ts";
import { line } from "../net/wire.ts";

/** Bytes of a message's content; padded and sealed it still fits. */
export const MAX_CONTENT = 48 * 1024;

const forms = {
  /** `note` is what the words are folded away under until tapped; null leaves them open. */
  text: exact({ kind: oneOf("text"), note: nullable(contentNote), text: messageText }),
  /** The content note of another message, or null to take it off. */
  note: exact({ kind: oneOf("note"), line, note: nullable(contentNote) }),
  /** What is known about something, from facilitators and above; `line` is the message it answers. */
  card: exact({ kind: oneOf("card"), line: nullable(line), title: cardTitle, text: cardText }),
  /** Stepping out, and back. */
  away: exact({ kind: oneOf("away"), away: yesOrNo }),
  /** Whether one comes to the session of a plan that begins at `start`; `listening`: to be there and say nothing. */
  attend: exact({ kind: oneOf("attend"), plan: uuid, start: whole(0), answer: oneOf("coming", "not_today", "listening") }),
  /** In an aside, by whom it is about: they ask for help, or are all right. */
  help: exact({ kind: oneOf("help"), help: yesOrNo }),
};
const said = tagged("kind", forms);
/** Kinds that no message has. */
const ELSEWHERE: ReadonlySet<unknown> = new Set(["policy", "state"]);

export type Said = Of<typeof said>;

/** What goes in envelopes of kind `reaction`, which are taken while the room is closed, slow or another's turn. */
export function isReaction({ kind }: Said): boolean {
  return kind === "away" || kind === "attend";
}

export function saidContent(given: Said): Bytes {
  return canonicalJson(given);
}

/** What a message says; "unknown" for a kind that this client does not know yet, null for what is not a message. */
export function readSaid(content: Bytes): Said | "unknown" | null {
  try {
    const given: unknown = JSON.parse(fromUtf8(content));
    const kind = typeof given === "object" && given !== null && "kind" in given ? given.kind : null;
    if (typeof kind === "string" && !Object.hasOwn(forms, kind)) return ELSEWHERE.has(kind) ? null : "unknown";
    const read = said(given);
    // There is one way to write what was read.
    return equalBytes(saidContent(read), content) ? read : null;
  } catch (error) {
    if (error instanceof FormError || error instanceof SyntaxError || error instanceof CryptoError) return null;
    throw error;
  }
}
