/**
 * Invites that the server cannot bend: what is derived from a link's secret, sealed and authenticated with it.
 *
 * See docs/protocol.md, "Invites". Ids of invites, groups, rooms and requests are their 16 bytes here.
 */
import { bytes, exact, type Form, FormError, nullable, type Of, uuid, whole, yesOrNo } from "../form.ts";
import {
  b64decode,
  type Bytes,
  canonicalJson,
  concat,
  equalBytes,
  fromUtf8,
  type Json,
  lp,
  randomBytes,
  u64,
  utf8,
} from "./bytes.ts";
import { verifies } from "./ed25519.ts";
import { CryptoError } from "./errors.ts";
import * as hpke from "./hpke.ts";
import { hkdf, hmac, sha256 } from "./mac.ts";
import { doorWord, groundRules, groupName, note, pseudonym, title, welcome } from "./texts.ts";

/** Bytes of the secret in an invite link's fragment. */
export const SECRET_SIZE = 16;
const KEY_SIZE = 32;
const NONCE_SIZE = 12;

export const rules = exact({ version: whole(1), text: groundRules });
export const agreement = exact({ version: whole(1), signature: bytes(64) });
const visit = exact({ segment: nullable(title), minutes: nullable(whole(1, 720)) });
const card = exact({
  v: whole(1, 1),
  group: uuid,
  room: uuid,
  name: groupName,
  welcome,
  rules,
  from: pseudonym,
  key: bytes(32),
  guest: nullable(visit),
});
const joinRequest = exact({ pseudonym, note, key: bytes(32), agreement });
const word = exact({ declined: yesOrNo, from: pseudonym, text: doorWord });

/** The ground rules of a group. */
export type Rules = Of<typeof rules>;
/** A person's signed word to keep the ground rules; see `agreementBytes`. */
export type Agreement = Of<typeof agreement>;
/** What a guest is asked to come for: a part of a session, and for about how long, where that is said. */
export type Visit = Of<typeof visit>;
/**
 * What a person sees of a group before asking to join. `key` is the HPKE public key of the invite; with `guest` it asks
 * them to come as a guest.
 */
export type Card = Of<typeof card>;
/** What someone who waits is told by one who admits: while they wait, or, with `declined`, with the answer no. */
export type Word = Of<typeof word>;
/** What a person who asks to join says to those who admit. `key` is the policy key of the member to be. */
export type JoinRequest = Of<typeof joinRequest>;

/** The keys of one invite, 32 bytes each. */
export interface InviteKeys {
  readonly inviteId: Bytes;
  readonly card: Bytes;
  readonly join: Bytes;
  readonly reply: Bytes;
}

/** From the 16 bytes of a link's fragment. Throws CryptoError when they are not 16. */
export async function deriveInviteKeys(secret: Bytes, inviteId: Bytes): Promise<InviteKeys> {
  if (secret.length !== SECRET_SIZE) throw new CryptoError("an invite's secret has 16 bytes");
  const key = (use: string): Promise<Bytes> => hkdf(secret, inviteId, `safespace invite ${use}`);
  const [card, join, reply] = await Promise.all([key("card"), key("join"), key("reply")]);
  return { inviteId, card, join, reply };
}

/** nonce ‖ ciphertext, under a fresh nonce. */
export async function sealCard(keys: InviteKeys, content: Card): Promise<Bytes> {
  const iv = randomBytes(NONCE_SIZE);
  const sealing = { name: "AES-GCM", iv, additionalData: info("card", keys.inviteId) };
  return concat(iv, new Uint8Array(await crypto.subtle.encrypt(sealing, await aes(keys.card), canonicalJson(content))));
}

/** Throws CryptoError unless it is a card sealed for this invite. */
export async function openCard(keys: InviteKeys, sealed: Bytes): Promise<Card> {
  const iv = sealed.slice(0, NONCE_SIZE);
  const sealing = { name: "AES-GCM", iv, additionalData: info("card", keys.inviteId) };
  let opened: ArrayBuffer;
  try {
    opened = await crypto.subtle.decrypt(sealing, await aes(keys.card), sealed.slice(NONCE_SIZE));
  } catch {
    throw new CryptoError("this invite card does not open");
  }
  return read(card, new Uint8Array(opened));
}

/**
 * What one who admits holds of an invite: the link's secret (16 bytes), the invite's HPKE private key (32 bytes) and the
 * SHA-256 of its sealed card, so that nobody else who has the link can put another card in its place.
 */
export interface Material {
  readonly secret: Bytes;
  readonly privateKey: Bytes;
  readonly card: Bytes;
}

/** Throws CryptoError unless secret and private key are 16 and 32 bytes. */
export async function materialOf(secret: Bytes, privateKey: Bytes, sealedCard: Bytes): Promise<Material> {
  if (secret.length !== SECRET_SIZE || privateKey.length !== KEY_SIZE) {
    throw new CryptoError("invite material is 16 and 32 bytes, and a digest");
  }
  return { secret, privateKey, card: await sha256(sealedCard) };
}

/** The card, if it is the one the material was made with. Throws CryptoError. */
export async function cardOf({ secret, card: digest }: Material, inviteId: Bytes, sealed: Bytes): Promise<Card> {
  if (!equalBytes(await sha256(sealed), digest)) throw new CryptoError("this is another card");
  return openCard(await deriveInviteKeys(secret, inviteId), sealed);
}

/** For one who admits. */
export function sealMaterial(policyKey: Bytes, inviteId: Bytes, material: Material): Promise<Bytes> {
  const { secret, privateKey, card: digest } = material;
  return hpke.seal(policyKey, info("material", inviteId), concat(secret, privateKey, digest));
}

/** Throws CryptoError unless it is all there and was sealed for this invite. */
export async function openMaterial(policyPrivate: Bytes, inviteId: Bytes, box: Bytes): Promise<Material> {
  const opened = await hpke.open(policyPrivate, info("material", inviteId), box);
  const cardAt = SECRET_SIZE + KEY_SIZE;
  if (opened.length !== cardAt + KEY_SIZE) throw new CryptoError("invite material is 16 and 32 bytes, and a digest");
  return {
    secret: opened.slice(0, SECRET_SIZE), privateKey: opened.slice(SECRET_SIZE, cardAt), card: opened.slice(cardAt),
  };
}

/** mac ‖ box, for who asked with this request; `policyKey` is the `key` of their JoinRequest. */
export async function sealWord(keys: InviteKeys, policyKey: Bytes, requestId: Bytes, content: Word): Promise<Bytes> {
  const about = concat(info("word", keys.inviteId), lp(requestId));
  const box = await hpke.seal(policyKey, about, canonicalJson(content));
  return concat(await wordMac(keys, requestId, box), box);
}

/** Throws CryptoError unless one who holds the invite said it about this request. */
export async function openWord(keys: InviteKeys, policyPrivate: Bytes, requestId: Bytes, sealed: Bytes): Promise<Word> {
  const [mac, box] = [sealed.slice(0, KEY_SIZE), sealed.slice(KEY_SIZE)];
  if (!equalBytes(mac, await wordMac(keys, requestId, box))) throw new CryptoError("nobody who holds the invite said this");
  return read(word, await hpke.open(policyPrivate, concat(info("word", keys.inviteId), lp(requestId)), box));
}

function wordMac(keys: InviteKeys, requestId: Bytes, box: Bytes): Promise<Bytes> {
  return hmac(keys.reply, concat(lp("safespace invite word 1"), lp(keys.inviteId), lp(requestId), lp(box)));
}

/** For those who admit; `inviteKey` is the card's HPKE public key. */
export function sealRequest(
  inviteKey: Bytes,
  inviteId: Bytes,
  requestId: Bytes,
  content: JoinRequest,
): Promise<Bytes> {
  return hpke.seal(inviteKey, requestInfo(inviteId, requestId), canonicalJson(content));
}

/** Throws CryptoError unless it was sealed for this invite and request. */
export async function openRequest(
  invitePrivate: Bytes,
  inviteId: Bytes,
  requestId: Bytes,
  sealed: Bytes,
): Promise<JoinRequest> {
  return read(joinRequest, await hpke.open(invitePrivate, requestInfo(inviteId, requestId), sealed));
}

/** 32 bytes. `expires` in milliseconds, `pkg` the KeyPackage MLSMessage. Compare with `equalBytes`. */
export function requestMac(
  keys: InviteKeys,
  group: Bytes,
  requestId: Bytes,
  expires: number,
  pkg: Bytes,
  sealed: Bytes,
): Promise<Bytes> {
  const covered = [lp(keys.inviteId), lp(group), lp(requestId), u64(expires), lp(pkg), lp(sealed)];
  return hmac(keys.join, concat(lp("safespace invite request 1"), ...covered));
}

/** 32 bytes. `exported` is MLS-Exporter("safespace invite", request id, 32) of the joiner's first epoch. */
export function replyMac(
  keys: InviteKeys,
  room: Bytes,
  packageRef: Bytes,
  requestId: Bytes,
  exported: Bytes,
): Promise<Bytes> {
  const covered = [lp(room), lp(packageRef), lp(requestId), lp(exported)];
  return hmac(keys.reply, concat(lp("safespace invite reply 1"), ...covered));
}

/** What the leaf key signs to agree to the ground rules. */
export async function agreementBytes(group: Bytes, version: number, text: string): Promise<Bytes> {
  return concat(lp("safespace agreement 1"), lp(group), u64(version), lp(await sha256(utf8(text))));
}

/** Throws CryptoError unless `leafKey` (Ed25519, 32 bytes) agreed to exactly these rules. */
export async function verifyAgreement(given: Agreement, leafKey: Bytes, group: Bytes, to: Rules): Promise<void> {
  if (given.version !== to.version) throw new CryptoError("the agreement is to other rules");
  const signed = await agreementBytes(group, to.version, to.text);
  if (!(await verifies(leafKey, signed, b64decode(given.signature)))) {
    throw new CryptoError("the agreement's signature does not verify");
  }
}

function info(use: string, inviteId: Bytes): Bytes {
  return concat(lp(`safespace invite ${use}`), lp(inviteId));
}

function requestInfo(inviteId: Bytes, requestId: Bytes): Bytes {
  return concat(info("request", inviteId), lp(requestId));
}

function aes(key: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function read<T extends Json>(form: Form<T>, data: Bytes): T {
  try {
    const content = form(JSON.parse(fromUtf8(data)));
    // Every field is written out, so there is one way to write what was read.
    if (equalBytes(canonicalJson(content), data)) return content;
  } catch (error) {
    if (!(error instanceof FormError || error instanceof SyntaxError || error instanceof CryptoError)) throw error;
  }
  throw new CryptoError("this is not of the agreed form");
}
