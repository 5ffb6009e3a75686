import { RSABSSA } from "@cloudflare/blindrsa-ts";
import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { type Answer, answering, BLANK, isBlank, openAnswer, openKey, sealAnswer, sealKey } from "./ballots.ts";
import { blind, finalize, PREFIX, verify } from "./blindRsa.ts";
import { b64decode, b64encode, type Bytes, utf8 } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { generate } from "./hpke.ts";

const given = vectors("ballots") as {
  group: string;
  ballot: string;
  message: string;
  private: string;
  reader: string;
  box: string;
  answers: { answer: Answer; sealed: string }[];
  bad: { name: string; sealed: string }[];
};
const [group, ballot, message] = [b64decode(given.group), b64decode(given.ballot), b64decode(given.message)];

test.each(given.answers)("an answer opens as in Python", async ({ answer, sealed }) => {
  expect(await openAnswer(b64decode(sealed), b64decode(given.private), group, ballot, message)).toEqual(answer);
});

test.each(given.bad)("$name is no answer", async ({ sealed }) => {
  const opening = openAnswer(b64decode(sealed), b64decode(given.private), group, ballot, message);
  await expect(opening).rejects.toThrow(CryptoError);
});

test("the key in a reader's box", async () => {
  const read = await openKey(b64decode(given.box), b64decode(given.reader), group, ballot);
  expect(b64encode(read)).toBe(given.private);
  const { privateKey, publicKey } = await generate();
  const box = await sealKey(read, publicKey, group, ballot);
  expect(await openKey(box, privateKey, group, ballot)).toEqual(read);
  await expect(openKey(box, privateKey, group, group)).rejects.toThrow(CryptoError);
});

test("all answers are of one size, and for one token alone", async () => {
  const { privateKey, publicKey } = await generate();
  for (const answer of [BLANK, answering("\u0001".repeat(500), "unsure"), answering("🌿".repeat(500), null)]) {
    const sealed = await sealAnswer(answer, publicKey, group, ballot, message);
    expect(sealed.length).toBe(4096 + 48);
    expect(await openAnswer(sealed, privateKey, group, ballot, message)).toEqual(answer);
    await expect(openAnswer(sealed, privateKey, group, ballot, group)).rejects.toThrow(CryptoError);
  }
  expect([BLANK, answering("", "same"), answering("a", null)].map(isBlank)).toEqual([true, false, false]);
});

const suite = RSABSSA.SHA384.PSS.Randomized();

async function signer(modulusLength = 2048, last = 1): Promise<{ key: Bytes; sign: (blinded: Bytes) => Promise<Bytes> }> {
  const publicExponent = last === 1 ? Uint8Array.from([1, 0, 1]) : Uint8Array.from([last]);
  const pair = await suite.generateKey({ modulusLength, publicExponent });
  const key = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  return { key, sign: async (blinded) => new Uint8Array(await suite.blindSign(pair.privateKey, blinded)) };
}

test("what is signed blindly is signed, and was never seen", async () => {
  const { key, sign } = await signer();
  const one = await blind(key, utf8("a ballot"));
  const other = await blind(key, utf8("a ballot"));
  expect(one.message.length).toBe(PREFIX + 8);
  expect(b64encode(one.message)).not.toBe(b64encode(other.message));
  expect(b64encode(one.blinded)).not.toBe(b64encode(other.blinded));
  const signature = await finalize(key, one.message, await sign(one.blinded), one.inverse);
  expect(await verify(key, one.message, signature)).toBe(true);
  expect(await verify(key, other.message, signature)).toBe(false);
  await expect(finalize(key, one.message, await sign(other.blinded), one.inverse)).rejects.toThrow(CryptoError);
  await expect(finalize((await signer()).key, one.message, await sign(one.blinded), one.inverse)).rejects.toThrow(CryptoError);
});

test("no other kind of key is taken", async () => {
  const wrong = [utf8("a key"), (await signer(1024)).key, (await signer(2048, 3)).key];
  for (const key of wrong) await expect(blind(key, utf8("a ballot"))).rejects.toThrow(CryptoError);
});
