import fc from "fast-check";
import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { b64decode, b64encode, concat, equalBytes } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { pad, padme, unpad } from "./padding.ts";

const { padme: classes, pad: cases, bad } = vectors("padding") as {
  padme: [number, number][];
  pad: { content: string; kf: string; plaintext: string }[];
  bad: { name: string; plaintext: string }[];
};

const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength }).map((b) => concat(b));

test.each(classes)("%d bytes are of class %d", (length, padded) => {
  expect(padme(length)).toBe(padded);
});

test("contents are padded as in Python and come back", () => {
  for (const { content, kf, plaintext } of cases) {
    expect(b64encode(pad(b64decode(content), b64decode(kf)))).toBe(plaintext);
    const opened = unpad(b64decode(plaintext));
    expect([b64encode(opened.content), b64encode(opened.kf)]).toEqual([content, kf]);
  }
});

test.each(bad)("$name is refused", ({ plaintext }) => {
  expect(() => unpad(b64decode(plaintext))).toThrow(CryptoError);
});

test("unpad undoes pad, also inside a larger buffer", () => {
  fc.assert(
    fc.property(bytes(0, 3000), bytes(32, 32), (content, kf) => {
      const opened = unpad(concat(new Uint8Array(3), pad(content, kf)).subarray(3));
      return equalBytes(opened.content, content) && equalBytes(opened.kf, kf);
    }),
  );
});

test("unpad takes only what pad writes", () => {
  fc.assert(
    fc.property(bytes(0, 600), (plaintext) => {
      try {
        const { content, kf } = unpad(plaintext);
        return equalBytes(pad(content, kf), plaintext);
      } catch (error) {
        return error instanceof CryptoError;
      }
    }),
  );
});

test("a class is at most an eighth above, and its own class", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 2 ** 30 }), (length) => {
      const padded = padme(length);
      return length <= padded && padded <= length * 1.125 && padme(padded) === padded;
    }),
  );
});

test("a franking key has 32 bytes", () => {
  for (const size of [0, 31, 33]) expect(() => pad(new Uint8Array(5), new Uint8Array(size))).toThrow(CryptoError);
});
