/**
 * The plaintext of an application message: content, franking key and zeros up to a size class.
 *
 * Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019)
 * leaks O(log log n) bits of the length and adds at most 12 %.
 */
import { type Bytes, concat, lp } from "./bytes.ts";
import { CryptoError } from "./errors.ts";

/** Bytes of the smallest plaintext. */
const FLOOR = 256;
/** Bytes of a franking key. */
export const KF_SIZE = 32;

/** The size class of `length` (2 to 2^31 - 1): the next number whose low bits are zero. */
export function padme(length: number): number {
  const exponent = bits(length) - 1;
  const unit = 2 ** (exponent - bits(exponent));
  return Math.ceil(length / unit) * unit;
}

function bits(number: number): number {
  return 32 - Math.clz32(number);
}

function padded(contentSize: number): number {
  return padme(Math.max(FLOOR, 4 + contentSize + KF_SIZE));
}

/** lp(content) ‖ kf ‖ zeros. Throws CryptoError unless `kf` has 32 bytes. */
export function pad(content: Bytes, kf: Bytes): Bytes {
  if (kf.length !== KF_SIZE) throw new CryptoError("a franking key has 32 bytes");
  return concat(lp(content), kf, new Uint8Array(padded(content.length) - 4 - content.length - KF_SIZE));
}

/** What `pad` was given. Throws CryptoError for anything it does not write. */
export function unpad(plaintext: Bytes): { content: Bytes; kf: Bytes } {
  const view = new DataView(plaintext.buffer, plaintext.byteOffset, plaintext.length);
  const size = plaintext.length < FLOOR ? 0 : view.getUint32(0);
  const end = 4 + size + KF_SIZE;
  const fits = end <= plaintext.length && plaintext.length === padded(size);
  if (!fits || plaintext.subarray(end).some((byte) => byte !== 0)) {
    throw new CryptoError("the padding is not of the agreed form");
  }
  return { content: plaintext.slice(4, 4 + size), kf: plaintext.slice(4 + size, end) };
}
