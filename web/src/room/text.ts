/** The content of a message. The SDK reads and writes alike. */
import { canonicalJson, equalBytes, fromUtf8, type Bytes } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { anyText, exact, FormError, nullable, oneOf } from "../form.ts";

/** Bytes of a message's content; padded and sealed it still fits. */
export const MAX_CONTENT = 48 * 1024;

const textMessage = exact({ kind: oneOf("text"), text: anyText });

export function textContent(text: string): Bytes {
  return canonicalJson({ kind: "text", text });
}

/** What a message says, or null for what is not a message. */
export function readText(content: Bytes): string | null {
  try {
    const { text } = textMessage(JSON.parse(fromUtf8(content)));
    // There is one way to write what was read.
    return equalBytes(textContent(text), content) ? text : null;
  } catch (error) {
    if (error instanceof FormError || error instanceof SyntaxError || error instanceof CryptoError) return null;
    throw error;
  }
}
