import fc from "fast-check";
import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { b64decode, b64encode } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import {
  agreementBytes,
  type Card,
  deriveInviteKeys,
  type JoinRequest,
  openCard,
  type LetIn,
  openMaterial,
  openReply,
  openRequest,
  openWord,
  requestMac,
  sealCard,
  sealMaterial,
  sealReply,
  sealRequest,
  sealWord,
  verifyAgreement,
  type Word,
} from "./invites.ts";
import { sha256 } from "./mac.ts";
import { isBlank } from "./texts.ts";

/** A card, and the fragment of the link to it. */
interface Linked {
  fragment: string;
  sealed: string;
}

const given = vectors("invites") as Record<
    | "fragment"
    | "invite_id"
    | "request_id"
    | "group"
    | "room"
    | "private"
    | "policy_private"
    | "sealed_card"
    | "sealed_material"
    | "sealed_word"
    | "sealed_no"
    | "sealed_request"
    | "package"
    | "request_mac"
    | "package_ref"
    | "exported"
    | "state"
    | "reply"
    | "leaf_key"
    | "agreement_bytes",
    string
  > & {
    keys: Record<"card" | "join" | "linked", string>;
    card: Card;
    visiting: Card;
    longest_name: Linked;
    linked_visiting: Linked;
    word: Word;
    no: Word;
    odd_words: { name: string; sealed: string }[];
    odd_requests: { name: string; sealed: string }[];
    request: JoinRequest;
    odd_cards: (Linked & { name: string })[];
    expires: number;
  };

const inviteId = b64decode(given.invite_id);
const requestId = b64decode(given.request_id);
const group = b64decode(given.group);
const fragment = b64decode(given.fragment);
const keys = await deriveInviteKeys(fragment, inviteId);
const replyKey = b64decode(given.request.reply);
const into: LetIn = {
  room: b64decode(given.room), packageRef: b64decode(given.package_ref), requestId, exported: b64decode(given.exported),
};

async function openLinked(linked: Linked, invite = inviteId): Promise<Card> {
  return openCard(await deriveInviteKeys(b64decode(linked.fragment), invite), b64decode(linked.sealed));
}

test("the keys are those of Python", () => {
  expect({ card: b64encode(keys.card), join: b64encode(keys.join), linked: b64encode(keys.linked) }).toEqual(given.keys);
});

test("Python's card, material and request open", async () => {
  expect(await openCard(keys, b64decode(given.sealed_card))).toEqual(given.card);
  expect(Array.from((await openLinked(given.longest_name)).name).length).toBe(80);
  const material = await openMaterial(b64decode(given.policy_private), inviteId, b64decode(given.sealed_material));
  expect([b64encode(material.fragment), b64encode(material.privateKey)]).toEqual([given.fragment, given.private]);
  expect(await openLinked(given.linked_visiting)).toEqual(given.visiting);
  await expect(openCard(keys, b64decode(given.linked_visiting.sealed))).rejects.toThrow("the link is for another card");
  const request = await openRequest(b64decode(given.private), inviteId, requestId, b64decode(given.sealed_request));
  expect(request).toEqual(given.request);
});

test.each(given.odd_cards)("a card with $name is refused", async (linked) => {
  await expect(openLinked(linked)).rejects.toThrow("this is not of the agreed form");
});

test("what shows who asks and who answers is Python's", async () => {
  const [pkg, sealed] = [b64decode(given.package), b64decode(given.sealed_request)];
  expect(b64encode(await requestMac(keys, group, requestId, given.expires, pkg, sealed))).toBe(given.request_mac);
  expect(b64encode(await sealReply(replyKey, into, b64decode(given.state)))).toBe(given.reply);
});

test("a reply is for one request, room and state, and from one who holds the invite", async () => {
  const reply = b64decode(given.reply);
  expect(await openReply(replyKey, into, reply)).toEqual(await sha256(b64decode(given.state)));
  const other = { room: group, packageRef: group, requestId: group, exported: group };
  const ofTheLink = await sealReply(keys.join, into, b64decode(given.state));
  const wrongs: Parameters<typeof openReply>[] = [
    [keys.join, into, reply],
    [replyKey, into, ofTheLink],
    [replyKey, into, reply.slice(32)],
    [replyKey, into, new Uint8Array(64)],
    [replyKey, into, new Uint8Array()],
  ];
  for (const part of ["room", "packageRef", "requestId", "exported"] as const) {
    wrongs.push([replyKey, { ...into, [part]: other[part] }, reply]);
  }
  reply.forEach((byte, at) => wrongs.push([replyKey, into, reply.with(at, byte ^ 1)]));
  for (const wrong of wrongs) await expect(openReply(...wrong)).rejects.toThrow(CryptoError);
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
/** Rules, which say something. */
const rules = texts(1).filter((text) => !isBlank(text));
const names = fc.string({ minLength: 1, maxLength: 40 }).filter((name) => name.trim() === name);

test("any card opens again, for its link only", async () => {
  await fc.assert(
    fc.asyncProperty(names, texts(0), rules, names, async (name, welcome, text, from) => {
      const card = { ...given.card, name, welcome, rules: { version: 2, text }, from };
      const made = await sealCard(inviteId, card);
      const linked = { fragment: b64encode(made.fragment), sealed: b64encode(made.sealed) };
      expect(await openLinked(linked)).toEqual(card);
      await expect(openLinked(linked, requestId)).rejects.toThrow(CryptoError);
      await expect(openLinked({ ...linked, sealed: given.sealed_card })).rejects.toThrow(CryptoError);
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
  const privateKey = b64decode(given.private);
  const material = { fragment, privateKey };
  const box = await sealMaterial(b64decode(given.card.key), inviteId, material);
  expect(await openMaterial(privateKey, inviteId, box)).toEqual(material);
  await expect(openMaterial(privateKey, requestId, box)).rejects.toThrow(CryptoError);
  const less = await sealMaterial(b64decode(given.card.key), inviteId, { fragment: fragment.slice(1), privateKey });
  await expect(openMaterial(privateKey, inviteId, less)).rejects.toThrow(CryptoError);
});

test("a word is for one request, and from one who holds the invite", async () => {
  const privateKey = b64decode(given.policy_private);
  expect(await openWord(replyKey, privateKey, inviteId, requestId, b64decode(given.sealed_word))).toEqual(given.word);
  expect(await openWord(replyKey, privateKey, inviteId, requestId, b64decode(given.sealed_no))).toEqual(given.no);
  const policyKey = b64decode(given.request.key);
  const said = await sealWord(replyKey, policyKey, inviteId, requestId, given.word);
  expect(await openWord(replyKey, privateKey, inviteId, requestId, said)).toEqual(given.word);
  const ofTheLink = await sealWord(keys.join, policyKey, inviteId, requestId, given.word);
  const wrongs: Parameters<typeof openWord>[] = [
    [replyKey, privateKey, requestId, requestId, said],
    [replyKey, b64decode(given.private), inviteId, requestId, said],
    [replyKey, privateKey, inviteId, inviteId, said],
    [keys.join, privateKey, inviteId, requestId, said],
    [replyKey, privateKey, inviteId, requestId, ofTheLink],
    [replyKey, privateKey, inviteId, requestId, said.slice(1)],
  ];
  for (const wrong of wrongs) await expect(openWord(...wrong)).rejects.toThrow(CryptoError);
});

test.each(given.odd_requests)("a request with $name is refused", async ({ sealed }) => {
  const opening = openRequest(b64decode(given.private), inviteId, requestId, b64decode(sealed));
  await expect(opening).rejects.toThrow("this is not of the agreed form");
});

test.each(given.odd_words)("a word with $name is refused", async ({ sealed }) => {
  const opening = openWord(replyKey, b64decode(given.policy_private), inviteId, requestId, b64decode(sealed));
  await expect(opening).rejects.toThrow("this is not of the agreed form");
});

test("other bytes are no card", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (data) => {
      await expect(openCard(keys, new Uint8Array(data))).rejects.toThrow(CryptoError);
    }),
  );
});

test("a fragment has 32 bytes", async () => {
  for (const size of [0, 16, 31, 33]) {
    await expect(deriveInviteKeys(new Uint8Array(size), inviteId)).rejects.toThrow(CryptoError);
  }
});
