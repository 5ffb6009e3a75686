import fc from "fast-check";
import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { b64decode, b64encode } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { generate } from "./hpke.ts";
import { openReason, reasonMac, sealReason } from "./reasons.ts";

const given = vectors("reasons") as {
  group: string;
  target: string;
  private: string;
  reasons: { reason: string; r: string; box: string; mac: string }[];
  bad: { name: string; box: string; mac: string }[];
};
const group = b64decode(given.group);
const target = b64decode(given.target);
const privateKey = b64decode(given.private);

test.each(given.reasons)("$reason opens as in Python", async ({ reason, r, box, mac }) => {
  expect(await openReason(b64decode(box), b64decode(mac), group, target, privateKey)).toBe(reason);
  expect(b64encode(await reasonMac(b64decode(r), reason, group, target))).toBe(mac);
});

test.each(given.bad)("$name does not open", async ({ box, mac }) => {
  await expect(openReason(b64decode(box), b64decode(mac), group, target, privateKey)).rejects.toThrow(CryptoError);
});

test("a reason opens for each it is sealed to, in their order, and for nobody else", async () => {
  const [wren, fern, moss] = await Promise.all([generate(), generate(), generate()]);
  const { mac, boxes } = await sealReason("Links are not for here.", group, target, [wren.publicKey, fern.publicKey]);
  const [first, second] = boxes;
  if (!first || !second) throw new Error("a box each");
  const read = (box: typeof first, key: typeof wren) => openReason(box, mac, group, target, key.privateKey);
  expect(await Promise.all([read(first, wren), read(second, fern)])).toEqual(Array(2).fill("Links are not for here."));
  await expect(read(first, moss)).rejects.toThrow(CryptoError);
  await expect(read(second, wren)).rejects.toThrow(CryptoError);
});

test("only 1 to 300 characters are a reason", async () => {
  const { publicKey } = await generate();
  for (const reason of ["", "x".repeat(301), "\ud800"]) {
    await expect(sealReason(reason, group, target, [publicKey])).rejects.toThrow(CryptoError);
  }
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), async (reason) => {
      expect((await sealReason(reason, group, target, [publicKey])).boxes).toHaveLength(1);
    }),
    { numRuns: 20 },
  );
});
