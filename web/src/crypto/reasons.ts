/**
 * A private reason: those it concerns can read it, everyone else holds the one who gave it to it.
 *
 * See docs/protocol.md, "Policy". Ids are their 16 bytes here. As `safespace.crypto.reasons`.
 */
import { FormError } from "../form.ts";
import { type Bytes, concat, equalBytes, fromUtf8, lp, randomBytes, utf8 } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { open, seal } from "./hpke.ts";
import { hmac } from "./mac.ts";
import { reason as reasonForm } from "./texts.ts";

const R_SIZE = 32;

/**
 * Its MAC (32 bytes) and a box for each of `keys` (policy keys), in their order.
 *
 * Throws CryptoError for an unusable key, or a reason that is not 1 to 300 code points.
 */
export async function sealReason(
  reason: string,
  group: Bytes,
  target: Bytes,
  keys: readonly Bytes[],
): Promise<{ mac: Bytes; boxes: Bytes[] }> {
  const r = randomBytes(R_SIZE);
  const [told, about] = [concat(r, utf8(checked(reason))), info(group, target)];
  const boxes = await Promise.all(keys.map((key) => seal(key, about, told)));
  return { mac: await reasonMac(r, reason, group, target), boxes };
}

/** The reason in a box. Throws CryptoError when it does not open, or is not the one that everyone was shown a MAC of. */
export async function openReason(
  box: Bytes,
  mac: Bytes,
  group: Bytes,
  target: Bytes,
  privateKey: Bytes,
): Promise<string> {
  const opened = await open(privateKey, info(group, target), box);
  const reason = checked(fromUtf8(opened.slice(R_SIZE)));
  const expected = await reasonMac(opened.slice(0, R_SIZE), reason, group, target);
  if (!equalBytes(expected, mac)) throw new CryptoError("this is another reason");
  return reason;
}

function info(group: Bytes, target: Bytes): Bytes {
  return concat(lp("safespace reason"), lp(group), lp(target));
}

/** What everyone is shown of a reason (32 bytes). */
export function reasonMac(r: Bytes, reason: string, group: Bytes, target: Bytes): Promise<Bytes> {
  return hmac(r, concat(lp("safespace reason 1"), lp(group), lp(target), lp(reason)));
}

function checked(reason: string): string {
  try {
    return reasonForm(reason);
  } catch (error) {
    throw error instanceof FormError ? new CryptoError("a reason has 1 to 300 characters") : error;
  }
}
