import fc from "fast-check";
import { expect, test } from "vitest";
import { b64 } from "../form.ts";
import { b64decode, b64encode, canonicalJson, concat, equalBytes, fromUtf8, lp, u64, utf8 } from "./bytes.ts";
import { CryptoError } from "./errors.ts";

function isForm(text: string): boolean {
  try {
    return b64(text) === text;
  } catch {
    return false;
  }
}

test("base64url comes back, and only as it was written", () => {
  fc.assert(fc.property(fc.uint8Array(), (data) => equalBytes(b64decode(b64encode(data)), data)));
  const anything = fc.string({ unit: fc.constantFrom(...Array.from("AQgwBZaz09-_+/= é")), maxLength: 9 });
  fc.assert(
    fc.property(anything, (text) => {
      const form = Buffer.from(text, "base64url").toString("base64url") === text;
      expect(isForm(text)).toBe(form);
      if (form) expect(b64encode(b64decode(text))).toBe(text);
      else expect(() => b64decode(text)).toThrow(CryptoError);
    }),
    { numRuns: 2_000 },
  );
  expect(b64encode(new Uint8Array(100_000)).length).toBe(133_334);
});

test("equal bytes are equal, others are not", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (a, b) => {
      return equalBytes(a, b) === (a.join() === b.join());
    }),
  );
});

test("lengths and numbers are big-endian", () => {
  expect([...lp("é")]).toEqual([0, 0, 0, 2, 0xc3, 0xa9]);
  expect([...u64(2 ** 53 - 1)]).toEqual([0, 0x1f, 255, 255, 255, 255, 255, 255]);
  expect([...u64(2n ** 64n - 1n)]).toEqual(Array<number>(8).fill(255));
  for (const wrong of [-1, 1.5, NaN, 2 ** 53, -1n, 2n ** 64n]) expect(() => u64(wrong)).toThrow(CryptoError);
});

test("canonical JSON sorts keys at every depth and escapes nothing beyond need", () => {
  const value = { b: [{ z: 1, a: null }], a: 'é\u2028"\n\u0001' };
  expect(fromUtf8(canonicalJson(value))).toBe('{"a":"é\u2028\\"\\n\\u0001","b":[{"a":null,"z":1}]}');
});

test("broken UTF-8 is refused and a byte order mark kept", () => {
  expect(() => fromUtf8(new Uint8Array([0xff]))).toThrow(CryptoError);
  expect(fromUtf8(concat(new Uint8Array([0xef, 0xbb, 0xbf]), utf8("a")))).toBe("\ufeffa");
});
