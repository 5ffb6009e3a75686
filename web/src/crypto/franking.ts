/**
 * Message franking: the sender commits to the content, the server stamps the commitment and where it belongs.
 *
 * See docs/protocol.md, "An application message"; after the IETF MIMI draft "Message Franking".
 */
import { type Bytes, concat, equalBytes, lp, randomBytes, u64 } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { hmac } from "./mac.ts";
import { KF_SIZE, pad, unpad } from "./padding.ts";

/** C, 32 bytes. `kf` has 32 bytes, `room` and `leaf` have 16. */
export function commitment(
  kf: Bytes,
  content: Bytes,
  room: Bytes,
  leaf: Bytes,
  epoch: number | bigint,
): Promise<Bytes> {
  return hmac(kf, concat(lp("safespace message 1"), lp(content), lp(room), lp(leaf), u64(epoch)));
}

/** The padded plaintext for MLS and its commitment, under a fresh kf (32 bytes). */
export async function sealContent(
  content: Bytes,
  room: Bytes,
  leaf: Bytes,
  epoch: number | bigint,
): Promise<{ plaintext: Bytes; commitment: Bytes; kf: Bytes }> {
  const kf = randomBytes(KF_SIZE);
  return { plaintext: pad(content, kf), commitment: await commitment(kf, content, room, leaf, epoch), kf };
}

/**
 * What `sealContent` sealed. `leaf` is the MLS sender's identity, `expected` the envelope's commitment.
 *
 * Throws CryptoError when the padding or the commitment is wrong; such a message is not shown.
 */
export async function openContent(
  plaintext: Bytes,
  expected: Bytes,
  room: Bytes,
  leaf: Bytes,
  epoch: number | bigint,
): Promise<{ content: Bytes; kf: Bytes }> {
  const opened = unpad(plaintext);
  if (!equalBytes(await commitment(opened.kf, opened.content, room, leaf, epoch), expected)) {
    throw new CryptoError("the commitment does not fit the message");
  }
  return opened;
}
