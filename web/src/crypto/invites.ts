/**
 * Invites that neither the server nor others who have the link can bend.
 *
 * The link says which card it is for, and so which key; its secret opens the card and shows that who asks has the link.
 * What comes back is authenticated with a key that the newcomer made and sealed to the invite's key: only those who
 * admit can read it. See docs/protocol.md, "Invites". Ids of invites, groups, rooms and requests are their 16 bytes here.
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
import { publicKey } from "./x25519.ts";

const SECRET_SIZE = 16;
/**
 * Bytes of a card's digest in a link. Another card with the same 128 bits is as hard to find as the secret is to guess;
 * two alike are easier, but only who makes an invite could use them, and they may let in whom they like anyway.
 */
const LINKED_SIZE = 16;
const FRAGMENT_SIZE = SECRET_SIZE + LINKED_SIZE;
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
  key: publicKey,
  guest: nullable(visit),
});
const joinRequest = exact({ pseudonym, note, key: publicKey, reply: bytes(32), agreement });
const saidAtTheDoor = exact({ declined: yesOrNo, from: pseudonym, text: nullable(doorWord) });
const word: typeof saidAtTheDoor = (value) => {
  const said = saidAtTheDoor(value);
  if (said.text === null && !said.declined) throw new FormError("invalid_field");
  return said;
};

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
/**
 * What someone who waits is told by one who admits: while they wait, or, with `declined`, with the answer no. `text` is
 * null where somebody said no and nothing else.
 */
export type Word = Of<typeof word>;
/**
 * What a person who asks to join says to those who admit. `key` is the policy key of the member to be, `reply` the
 * random key of whatever those who admit answer.
 */
export type JoinRequest = Of<typeof joinRequest>;

/** What a link's fragment gives for one invite. */
export interface InviteKeys {
  readonly inviteId: Bytes;
  /** Opens the card. */
  readonly card: Bytes;
  /** Shows that who asks has the link. */
  readonly join: Bytes;
  /** The first 16 bytes of the digest of the one card that the link is for. */
  readonly linked: Bytes;
}

/** Throws CryptoError unless the fragment is 32 bytes. */
export async function deriveInviteKeys(fragment: Bytes, inviteId: Bytes): Promise<InviteKeys> {
  if (fragment.length !== FRAGMENT_SIZE) throw new CryptoError("an invite link's fragment has 32 bytes");
  const secret = fragment.slice(0, SECRET_SIZE);
  const [card, join] = await Promise.all([key("card", secret, inviteId), key("join", secret, inviteId)]);
  return { inviteId, card, join, linked: fragment.slice(SECRET_SIZE) };
}

/** The fragment of the invite's link, with a fresh secret, and the card sealed for it: nonce ‖ ciphertext. */
export async function sealCard(inviteId: Bytes, content: Card): Promise<{ fragment: Bytes; sealed: Bytes }> {
  const [secret, iv] = [randomBytes(SECRET_SIZE), randomBytes(NONCE_SIZE)];
  const sealing = { name: "AES-GCM", iv, additionalData: info("card", inviteId) };
  const cardKey = await aes(await key("card", secret, inviteId));
  const sealed = concat(iv, new Uint8Array(await crypto.subtle.encrypt(sealing, cardKey, canonicalJson(content))));
  return { fragment: concat(secret, await linkedTo(inviteId, sealed)), sealed };
}

/** Throws CryptoError unless it is the card that the link was made for. */
export async function openCard(keys: InviteKeys, sealed: Bytes): Promise<Card> {
  if (!equalBytes(await linkedTo(keys.inviteId, sealed), keys.linked)) throw new CryptoError("the link is for another card");
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

function key(use: string, secret: Bytes, inviteId: Bytes): Promise<Bytes> {
  return hkdf(secret, inviteId, `safespace invite ${use}`);
}

async function linkedTo(inviteId: Bytes, sealedCard: Bytes): Promise<Bytes> {
  return (await sha256(concat(lp("safespace invite link 1"), lp(inviteId), lp(sealedCard)))).slice(0, LINKED_SIZE);
}

/** What one who admits holds of an invite: its link's fragment and its HPKE private key. */
export interface Material {
  readonly fragment: Bytes;
  readonly privateKey: Bytes;
}

/** For one who admits. */
export function sealMaterial(policyKey: Bytes, inviteId: Bytes, { fragment, privateKey }: Material): Promise<Bytes> {
  return hpke.seal(policyKey, info("material", inviteId), concat(fragment, privateKey));
}

/** Throws CryptoError unless it is all there and was sealed for this invite. */
export async function openMaterial(policyPrivate: Bytes, inviteId: Bytes, box: Bytes): Promise<Material> {
  const opened = await hpke.open(policyPrivate, info("material", inviteId), box);
  if (opened.length !== FRAGMENT_SIZE + KEY_SIZE) {
    throw new CryptoError("invite material is a fragment and a key, 32 bytes each");
  }
  return { fragment: opened.slice(0, FRAGMENT_SIZE), privateKey: opened.slice(FRAGMENT_SIZE) };
}

/** mac ‖ box, for who asked with this request; the keys are the `reply` and `key` of their JoinRequest. */
export async function sealWord(
  replyKey: Bytes,
  policyKey: Bytes,
  inviteId: Bytes,
  requestId: Bytes,
  content: Word,
): Promise<Bytes> {
  const about = concat(info("word", inviteId), lp(requestId));
  const box = await hpke.seal(policyKey, about, canonicalJson(content));
  return concat(await wordMac(replyKey, inviteId, requestId, box), box);
}

/** Throws CryptoError unless one who holds the invite said it about this request. */
export async function openWord(
  replyKey: Bytes,
  policyPrivate: Bytes,
  inviteId: Bytes,
  requestId: Bytes,
  sealed: Bytes,
): Promise<Word> {
  const [mac, box] = [sealed.slice(0, KEY_SIZE), sealed.slice(KEY_SIZE)];
  if (!equalBytes(mac, await wordMac(replyKey, inviteId, requestId, box))) {
    throw new CryptoError("nobody who holds the invite said this");
  }
  return read(word, await hpke.open(policyPrivate, concat(info("word", inviteId), lp(requestId)), box));
}

function wordMac(replyKey: Bytes, inviteId: Bytes, requestId: Bytes, box: Bytes): Promise<Bytes> {
  return hmac(replyKey, concat(lp("safespace invite word 1"), lp(inviteId), lp(requestId), lp(box)));
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

/** The label of that export (docs/protocol.md, "Invites"). */
export const REPLY_LABEL = "safespace invite";

/** What an answer to a request lets its newcomer into. `exported` is of the joiner's first epoch: see `REPLY_LABEL`. */
export interface LetIn {
  readonly room: Bytes;
  readonly packageRef: Bytes;
  readonly requestId: Bytes;
  /** MLS-Exporter("safespace invite", request id, 32). */
  readonly exported: Bytes;
}

/**
 * SHA-256(state) ‖ mac, for who is let in: `replyKey` is the `reply` of their JoinRequest, `state` the content of the
 * message that hands them the group's state.
 */
export async function sealReply(replyKey: Bytes, into: LetIn, state: Bytes): Promise<Bytes> {
  const digest = await sha256(state);
  return concat(digest, await replyMac(replyKey, into, digest));
}

/** The SHA-256 of the state to be handed. Throws CryptoError unless one who holds the invite let them into this. */
export async function openReply(replyKey: Bytes, into: LetIn, reply: Bytes): Promise<Bytes> {
  const [digest, mac] = [reply.slice(0, KEY_SIZE), reply.slice(KEY_SIZE)];
  if (!equalBytes(mac, await replyMac(replyKey, into, digest))) {
    throw new CryptoError("nobody who holds the invite let them in");
  }
  return digest;
}

function replyMac(replyKey: Bytes, { room, packageRef, requestId, exported }: LetIn, digest: Bytes): Promise<Bytes> {
  const covered = [lp(room), lp(packageRef), lp(requestId), lp(exported), lp(digest)];
  return hmac(replyKey, concat(lp("safespace invite reply 1"), ...covered));
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
