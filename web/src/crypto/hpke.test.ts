import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { b64decode, b64encode, concat, lp, utf8 } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { generate, open, seal } from "./hpke.ts";

test("a box opens for one key and one info", async () => {
  const keys = await generate();
  const box = await seal(keys.publicKey, utf8("info"), utf8("hello"));
  expect(box.length).toBe(5 + 48);
  expect(await open(keys.privateKey, utf8("info"), box)).toEqual(utf8("hello"));
  const wrongs: Parameters<typeof open>[] = [
    [(await generate()).privateKey, utf8("info"), box],
    [keys.privateKey, utf8("other"), box],
    [keys.privateKey, utf8("info"), box.slice(0, -1)],
    [keys.privateKey, utf8("info"), new Uint8Array()],
    [keys.privateKey.slice(1), utf8("info"), box],
  ];
  for (const wrong of wrongs) {
    await expect(open(...wrong)).rejects.toThrow(CryptoError);
  }
});

test.each([0, 31, 32])("a public key of %d zeros is refused", async (size) => {
  await expect(seal(new Uint8Array(size), utf8("info"), utf8("hello"))).rejects.toThrow(CryptoError);
});

test("the box that this library once made opens, as it does in Python", async () => {
  const { sealed_in_typescript: given } = vectors("invites") as {
    sealed_in_typescript: Record<"private" | "label" | "id" | "box" | "plaintext", string>;
  };
  const info = concat(lp(given.label), lp(b64decode(given.id)));
  expect(b64encode(await open(b64decode(given.private), info, b64decode(given.box)))).toBe(given.plaintext);
});
