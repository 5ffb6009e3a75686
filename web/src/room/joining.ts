/** The door, from outside: reading an invite, asking to join, and checking what comes back before entering. */
import { b64decode, b64encode, equalBytes, type Bytes } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { createKeyPackage, GroupCrypto, signWith, type OwnPackage } from "../crypto/group.ts";
import { generate } from "../crypto/hpke.ts";
import {
  agreementBytes, deriveInviteKeys, openCard, openWord, replyMac, requestMac, sealRequest, type Card, type Word,
} from "../crypto/invites.ts";
import { note as noteForm, pseudonym as pseudonymForm } from "../crypto/texts.ts";
import { FormError, uuid } from "../form.ts";
import type { Api } from "../net/api.ts";
import { REPLY_LABEL } from "./admission.ts";
import { Suspicion } from "./checks.ts";
import { AppError } from "./errors.ts";
import { uuidBytes, uuidv7 } from "./ids.ts";
import { newRecord, type RoomRecord } from "./record.ts";
import type { InviteCard, PendingJoin } from "./types.ts";

const WAIT = 30 * 86_400_000;

/** A request to join, kept sealed under `join/<request>` from before it is sent until the group is entered. */
export interface JoinRecord {
  readonly request: string;
  readonly invite: string;
  readonly secret: Bytes;
  readonly card: Card;
  readonly pseudonym: string;
  readonly note: string;
  readonly own: OwnPackage;
  /** The member's policy key (HPKE). */
  readonly policyKey: { readonly privateKey: Bytes; readonly publicKey: Bytes };
  /** What the server is asked, word for word, so that asking again is the same request. */
  readonly asked: { readonly id: string; readonly package: string; readonly sealed: string; readonly expires: number; readonly mac: string };
  /** Whether the server has it, or had. */
  known: boolean;
  status: PendingJoin["status"];
  /** What one who admits said last. */
  word: Word | null;
  /** Whether the group lets nobody in for now, as the server says. */
  locked: boolean;
}

/** What the server answers about one's own request; the last five once admitted. */
export interface Answer {
  readonly id: string;
  readonly status: "waiting" | "admitted" | "declined" | "withdrawn" | "undone";
  readonly locked: boolean;
  readonly word: string | null;
  readonly room: string | null;
  readonly seq: number | null;
  readonly welcome: string | null;
  readonly tree: string | null;
  readonly reply: string | null;
}

export function joinKey(request: string): string {
  return `join/${request}`;
}

/** Opens the card of an invite. Throws AppError `link_broken` or the reason why the invite is of no use. */
export async function readCard(api: Api, invite: string, secret: string): Promise<Card> {
  try {
    const keys = await deriveInviteKeys(b64decode(secret), uuidBytes(uuid(invite)));
    const { card } = await api.get<{ card: string }>(`/invites/${invite}`);
    return await openCard(keys, b64decode(card));
  } catch (error) {
    const broken = error instanceof CryptoError || error instanceof FormError;
    throw broken ? new AppError("link_broken", { cause: error }) : error;
  }
}

export function cardView(invite: string, card: Card): InviteCard {
  const { group, name, welcome, rules, from, guest } = card;
  return { invite, group, name, welcome, rules: rules.text, from, guest };
}

export function pendingView(join: JoinRecord): PendingJoin {
  const { request, invite, card, pseudonym, note, status, locked } = join;
  const word = join.word && join.word.declined === (status === "declined") ? join.word : null;
  return { request, card: cardView(invite, card), pseudonym, note, status, word, locked };
}

/** Makes a request with fresh keys. Keep it before it is sent. Throws AppError `invalid_field`. */
export async function prepareJoin(
  invite: string,
  secret: string,
  card: Card,
  pseudonym: string,
  note: string,
): Promise<JoinRecord> {
  try {
    pseudonymForm(pseudonym);
    noteForm(note);
  } catch (error) {
    throw error instanceof FormError ? new AppError("invalid_field", { cause: error }) : error;
  }
  const request = uuidv7();
  const [id, inviteId, group] = [uuidBytes(request), uuidBytes(invite), uuidBytes(card.group)];
  const keys = await deriveInviteKeys(b64decode(secret), inviteId);
  const [own, policyKey] = await Promise.all([createKeyPackage(), generate()]);
  const { version, text } = card.rules;
  const signature = b64encode(await signWith(own, await agreementBytes(group, version, text)));
  const said = { pseudonym, note, key: b64encode(policyKey.publicKey), agreement: { version, signature } };
  const sealed = await sealRequest(b64decode(card.key), inviteId, id, said);
  const expires = Date.now() + WAIT;
  const mac = await requestMac(keys, group, id, expires, own.message, sealed);
  const asked = { id: request, package: b64encode(own.message), sealed: b64encode(sealed), expires, mac: b64encode(mac) };
  return {
    request, invite, secret: b64decode(secret), card, pseudonym, note, own, policyKey, asked, known: false, status: "waiting",
    word: null, locked: false,
  };
}

/** What one who holds the invite said; null where nobody did. */
export async function heardAtTheDoor(join: JoinRecord, { word }: Answer): Promise<Word | null> {
  if (word === null) return null;
  try {
    const keys = await deriveInviteKeys(join.secret, uuidBytes(join.invite));
    return await openWord(keys, join.policyKey.privateKey, uuidBytes(join.request), b64decode(word));
  } catch (error) {
    if (error instanceof CryptoError || error instanceof FormError) return null;
    throw error;
  }
}

/**
 * Enters with the Welcome that came back: only the group of the card, only on the word of one who holds the invite.
 * Throws Suspicion.
 */
export async function enterGroup(join: JoinRecord, answer: Answer): Promise<RoomRecord> {
  const { card, own, policyKey, pseudonym } = join;
  const { room, seq, welcome, tree, reply } = answer;
  if (room !== card.room) throw new Suspicion("unannounced_group");
  if (seq === null || welcome === null || tree === null || reply === null) throw new Suspicion("tree_mismatch");
  const roomId = uuidBytes(room);
  const requestId = uuidBytes(join.request);
  let group: GroupCrypto;
  try {
    group = await GroupCrypto.join(b64decode(welcome), b64decode(tree), own);
  } catch (error) {
    throw new Suspicion("tree_mismatch", error);
  }
  if (!equalBytes(group.groupId, roomId)) throw new Suspicion("unannounced_group");
  const keys = await deriveInviteKeys(join.secret, uuidBytes(join.invite));
  const exported = await group.exporter(REPLY_LABEL, requestId, 32);
  const expected = await replyMac(keys, roomId, own.ref, requestId, exported);
  if (!equalBytes(expected, b64decode(reply))) throw new Suspicion("wrong_reply");
  return newRecord({
    group: card.group, room, crypto: group.serialise(), policyKey: policyKey.privateKey, me: b64encode(own.identity),
    head: seq, before: { seq, mine: false, applied: true, crypto: null, state: null, sinceUpdate: null }, sinceUpdate: null, promised: { rules: card.rules, pseudonym, key: b64encode(policyKey.publicKey) },
  });
}
