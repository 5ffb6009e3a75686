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
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
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

/** Base64url without padding (RFC 4648 section 5). */
export function b64encode(data: Uint8Array): string {
  let text = "";
  for (let at = 0; at < data.length; at += 0x8000) text += String.fromCharCode(...data.subarray(at, at + 0x8000));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The inverse of `b64encode`. Throws CryptoError unless `text` is exactly what that would write. */
export function b64decode(text: string): Bytes {
  try {
    const data = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    if (b64encode(data) === text) return data;
  } catch {
    // Not base64 at all: the same answer.
  }
  throw new CryptoError("this is not base64url without padding");
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
