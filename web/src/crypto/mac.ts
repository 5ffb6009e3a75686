/** HMAC-SHA-256 (RFC 2104) and HKDF-SHA-256 (RFC 5869). */
import { hmac as hmacOf } from "@noble/hashes/hmac.js";
import { sha256 as sha2 } from "@noble/hashes/sha2.js";
import { type Bytes, utf8 } from "./bytes.ts";

/** 32 bytes. Each message has one, so it does not go to WebCrypto's thread and back (see suite.ts). */
export function hmac(key: Bytes, data: Bytes): Promise<Bytes> {
  return Promise.resolve(new Uint8Array(hmacOf(sha2, key, data)));
}

/** 32 bytes. */
export async function hkdf(key: Bytes, salt: Bytes, info: string): Promise<Bytes> {
  const imported = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info: utf8(info) }, imported, 256),
  );
}

export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}
