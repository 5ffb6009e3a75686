/** Bytes, and how things become bytes before they are hashed, signed or sealed (docs/protocol.md, "Conventions"). */
import { CryptoError } from "./errors.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text as UTF-8. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** Throws CryptoError for what is not UTF-8. */
export function fromUtf8(data: Bytes): string {
  try {
    return decoder.decode(data);
  } catch {
    throw new CryptoError("this is not UTF-8");
  }
}

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Compares in a time that depends on the lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at++) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  return difference === 0;
}

/** `data` (text as UTF-8) after its length as 4 bytes, big-endian. */
export function lp(data: Uint8Array | string): Bytes {
  const bytes = typeof data === "string" ? utf8(data) : data;
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return concat(length, bytes);
}

/** 8 bytes, big-endian. Throws CryptoError for what is not a whole number from 0 to 2^64 - 1. */
export function u64(number: number | bigint): Bytes {
  if (typeof number === "number" ? !Number.isSafeInteger(number) || number < 0 : number < 0n || number >> 64n !== 0n) {
    throw new CryptoError("this is not a 64-bit number");
  }
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

/** `data` as a number, its first byte the lowest. */
export function littleEndian(data: Uint8Array): bigint {
  const digits = Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).reverse();
  return BigInt(`0x0${digits.join("")}`);
}

const LETTERS = utf8("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
/** By character code; 64 for what is no letter of base64url. */
const SIXES = new Uint8Array(128).fill(64);
for (const [six, letter] of LETTERS.entries()) SIXES[letter] = six;

function letter(six: number): number {
  return LETTERS[six & 63] ?? 0;
}

/** Base64url without padding (RFC 4648 section 5). */
export function b64encode(data: Uint8Array): string {
  const text = new Uint8Array(Math.ceil((data.length * 4) / 3));
  let to = 0;
  for (let at = 0; at < data.length; at += 3) {
    const bits = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
    // Beyond the end of `text`, nothing is written.
    text[to++] = letter(bits >> 18);
    text[to++] = letter(bits >> 12);
    text[to++] = letter(bits >> 6);
    text[to++] = letter(bits);
  }
  return decoder.decode(text);
}

function six(text: string, at: number): number {
  // Past the end stand zero bits.
  return at < text.length ? (SIXES[text.charCodeAt(at)] ?? 64) : 0;
}

/** The inverse of `b64encode`. Throws CryptoError unless `text` is exactly what that would write. */
export function b64decode(text: string): Bytes {
  const data = new Uint8Array(Math.floor((text.length * 3) / 4));
  let odd = text.length % 4 === 1 ? 64 : 0;
  let bits = 0;
  for (let at = 0, to = 0; at < text.length; at += 4) {
    const [a, b, c, d] = [six(text, at), six(text, at + 1), six(text, at + 2), six(text, at + 3)];
    odd |= a | b | c | d;
    bits = (a << 18) | (b << 12) | (c << 6) | d;
    data[to++] = bits >> 16;
    data[to++] = bits >> 8;
    data[to++] = bits;
  }
  const unused = text.length % 4 === 2 ? 0xffff : text.length % 4 === 3 ? 0xff : 0;
  if (odd > 63 || (bits & unused) !== 0) throw new CryptoError("this is not base64url without padding");
  return data;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The one way to write `value`: keys sorted, no white space, UTF-8 unescaped. `value` holds whole numbers only. */
export function canonicalJson(value: Json): Bytes {
  return utf8(write(value));
}

function write(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(write).join(",")}]`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${write(field)}`).join(",")}}`;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
