import fc from "fast-check";
import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { b64decode, b64encode } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import {
  agreementBytes,
  type Card,
  cardOf,
  deriveInviteKeys,
  type JoinRequest,
  materialOf,
  openCard,
  openMaterial,
  openRequest,
  openWord,
  replyMac,
  requestMac,
  sealCard,
  sealMaterial,
  sealRequest,
  sealWord,
  verifyAgreement,
  type Word,
} from "./invites.ts";

const given = vectors("invites") as Record<
    | "secret"
    | "invite_id"
    | "request_id"
    | "group"
    | "room"
    | "private"
    | "policy_private"
    | "sealed_card"
    | "longest_name"
    | "sealed_visiting"
    | "sealed_material"
    | "sealed_word"
    | "sealed_request"
    | "package"
    | "request_mac"
    | "package_ref"
    | "exported"
    | "reply_mac"
    | "leaf_key"
    | "agreement_bytes",
    string
  > & {
    keys: Record<"card" | "join" | "reply", string>;
    card: Card;
    visiting: Card;
    word: Word;
    request: JoinRequest;
    odd_cards: { name: string; sealed: string }[];
    expires: number;
  };

const inviteId = b64decode(given.invite_id);
const requestId = b64decode(given.request_id);
const group = b64decode(given.group);
const keys = await deriveInviteKeys(b64decode(given.secret), inviteId);
const otherKeys = await deriveInviteKeys(b64decode(given.secret), requestId);

test("the keys are those of Python", () => {
  expect({ card: b64encode(keys.card), join: b64encode(keys.join), reply: b64encode(keys.reply) }).toEqual(given.keys);
});

test("Python's card, material and request open", async () => {
  expect(await openCard(keys, b64decode(given.sealed_card))).toEqual(given.card);
  expect(Array.from((await openCard(keys, b64decode(given.longest_name))).name).length).toBe(80);
  const material = await openMaterial(b64decode(given.policy_private), inviteId, b64decode(given.sealed_material));
  expect([b64encode(material.secret), b64encode(material.privateKey)]).toEqual([given.secret, given.private]);
  expect(await cardOf(material, inviteId, b64decode(given.sealed_card))).toEqual(given.card);
  expect(await openCard(keys, b64decode(given.sealed_visiting))).toEqual(given.visiting);
  await expect(cardOf(material, inviteId, b64decode(given.sealed_visiting))).rejects.toThrow(CryptoError);
  const request = await openRequest(b64decode(given.private), inviteId, requestId, b64decode(given.sealed_request));
  expect(request).toEqual(given.request);
});

test.each(given.odd_cards)("a card with $name is refused", async ({ sealed }) => {
  await expect(openCard(keys, b64decode(sealed))).rejects.toThrow(CryptoError);
});

test("both MACs are those of Python", async () => {
  const [pkg, sealed] = [b64decode(given.package), b64decode(given.sealed_request)];
  expect(b64encode(await requestMac(keys, group, requestId, given.expires, pkg, sealed))).toBe(given.request_mac);
  const reply = await replyMac(
    keys,
    b64decode(given.room),
    b64decode(given.package_ref),
    requestId,
    b64decode(given.exported),
  );
  expect(b64encode(reply)).toBe(given.reply_mac);
});

test("an agreement signed in Python verifies, and only for its rules, group and leaf", async () => {
  const { rules } = given.card;
  const { agreement } = given.request;
  const leaf = b64decode(given.leaf_key);
  expect(b64encode(await agreementBytes(group, rules.version, rules.text))).toBe(given.agreement_bytes);
  await verifyAgreement(agreement, leaf, group, rules);
  const wrongs: Parameters<typeof verifyAgreement>[] = [
    [agreement, leaf, group, { ...rules, text: `${rules.text} ` }],
    [agreement, leaf, group, { ...rules, version: 2 }],
    [{ ...agreement, version: 2 }, leaf, group, { ...rules, version: 2 }],
    [agreement, leaf, inviteId, rules],
    [agreement, keys.card, group, rules],
    [agreement, leaf.slice(1), group, rules],
  ];
  for (const wrong of wrongs) {
    await expect(verifyAgreement(...wrong)).rejects.toThrow(CryptoError);
  }
});

const texts = (minLength: number) => fc.string({ unit: "binary", minLength, maxLength: 40 });
const names = fc.string({ minLength: 1, maxLength: 40 }).filter((name) => name.trim() === name);

test("any card opens again, for its invite only", async () => {
  await fc.assert(
    fc.asyncProperty(names, texts(0), texts(1), names, async (name, welcome, text, from) => {
      const card = { ...given.card, name, welcome, rules: { version: 2, text }, from };
      const sealed = await sealCard(keys, card);
      expect(await openCard(keys, sealed)).toEqual(card);
      await expect(openCard(otherKeys, sealed)).rejects.toThrow(CryptoError);
    }),
  );
});

test("any request opens again, for its invite and id only", async () => {
  const [invitePrivate, inviteKey] = [b64decode(given.private), b64decode(given.card.key)];
  await fc.assert(
    fc.asyncProperty(names, texts(0), async (pseudonym, note) => {
      const request = { ...given.request, pseudonym, note };
      const sealed = await sealRequest(inviteKey, inviteId, requestId, request);
      expect(await openRequest(invitePrivate, inviteId, requestId, sealed)).toEqual(request);
      await expect(openRequest(invitePrivate, requestId, inviteId, sealed)).rejects.toThrow(CryptoError);
    }),
    { numRuns: 30 },
  );
});

test("material opens for its invite only", async () => {
  const [secret, privateKey] = [b64decode(given.secret), b64decode(given.private)];
  const material = await materialOf(secret, privateKey, b64decode(given.sealed_card));
  const box = await sealMaterial(b64decode(given.card.key), inviteId, material);
  expect(await openMaterial(privateKey, inviteId, box)).toEqual(material);
  await expect(openMaterial(privateKey, requestId, box)).rejects.toThrow(CryptoError);
  await expect(materialOf(privateKey, secret, b64decode(given.sealed_card))).rejects.toThrow(CryptoError);
});

test("a word is for one request, and from one who holds the invite", async () => {
  const privateKey = b64decode(given.policy_private);
  expect(await openWord(keys, privateKey, requestId, b64decode(given.sealed_word))).toEqual(given.word);
  const said = await sealWord(keys, b64decode(given.request.key), requestId, given.word);
  expect(await openWord(keys, privateKey, requestId, said)).toEqual(given.word);
  const forged = await sealWord({ ...keys, reply: keys.join }, b64decode(given.request.key), requestId, given.word);
  const wrongs: Parameters<typeof openWord>[] = [
    [otherKeys, privateKey, requestId, said],
    [keys, b64decode(given.private), requestId, said],
    [keys, privateKey, inviteId, said],
    [keys, privateKey, requestId, forged],
    [keys, privateKey, requestId, said.slice(1)],
  ];
  for (const wrong of wrongs) await expect(openWord(...wrong)).rejects.toThrow(CryptoError);
});

test("other bytes are no card", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (data) => {
      await expect(openCard(keys, new Uint8Array(data))).rejects.toThrow(CryptoError);
    }),
  );
});

test("a secret has 16 bytes", async () => {
  await expect(deriveInviteKeys(new Uint8Array(15), inviteId)).rejects.toThrow(CryptoError);
});
