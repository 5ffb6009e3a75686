/** Which keys and signatures are taken: the same as in Python (`tests/vectors/curves.json`). */
import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { b64decode, concat, utf8 } from "./bytes.ts";
import * as ed25519 from "./ed25519.ts";
import { CryptoError } from "./errors.ts";
import { generate, open, seal } from "./hpke.ts";
import { suite } from "./suite.ts";
import * as x25519 from "./x25519.ts";

type Case = Record<"name" | "key" | "message" | "signature", string>;
type Cases = Record<"good" | "bad", readonly Case[]>;
const given = vectors("curves") as Record<"x25519_keys" | "ed25519_keys" | "ed25519_signatures", Cases>;

test.each([
  ["x25519_keys", x25519.checkPublicKey],
  ["ed25519_keys", ed25519.checkPublicKey],
] as const)("%s at the edges", (name, check) => {
  for (const { key } of given[name].good) check(b64decode(key));
  for (const one of given[name].bad) expect(() => check(b64decode(one.key)), one.name).toThrow(CryptoError);
});

test("signatures at the edges", async () => {
  for (const kind of ["good", "bad"] as const) {
    for (const { name, ...one } of given.ed25519_signatures[kind]) {
      const [key, message, signature] = [b64decode(one.key), b64decode(one.message), b64decode(one.signature)];
      expect(await ed25519.verifies(key, message, signature), name).toBe(kind === "good");
      expect(await suite.signature.verify(key, message, signature), name).toBe(kind === "good");
      expect(await ed25519.verifies(key, message, concat(signature, utf8("\0")))).toBe(false);
      expect(await ed25519.verifies(key, message, signature.slice(0, -1))).toBe(false);
    }
  }
});

test("boxes have usable keys only", async () => {
  const { privateKey, publicKey } = await generate();
  const box = await seal(publicKey, utf8("info"), utf8("hello"));
  for (const { key } of given.x25519_keys.bad) {
    await expect(seal(b64decode(key), utf8("info"), utf8("hello"))).rejects.toThrow(CryptoError);
    const bent = concat(b64decode(key), box.slice(32));
    await expect(open(privateKey, utf8("info"), bent)).rejects.toThrow(CryptoError);
  }
});
