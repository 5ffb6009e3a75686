/** The door, from outside: reading an invite, asking to join, and checking what comes back before entering. */
import { b64decode, b64encode, equalBytes, randomBytes, type Bytes } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { createKeyPackage, GroupCrypto, signWith, type OwnPackage } from "../crypto/group.ts";
import { generate } from "../crypto/hpke.ts";
import {
  agreementBytes, type Card, deriveInviteKeys, openCard, openReply, openWord, REPLY_LABEL, requestMac, sealRequest, type Word,
} from "../crypto/invites.ts";
import { note as noteForm, pseudonym as pseudonymForm } from "../crypto/texts.ts";
import { FormError } from "../form.ts";
import type { Api } from "../net/api.ts";
import { Suspicion } from "./checks.ts";
import { AppError } from "./errors.ts";
import { uuidBytes, uuidv7 } from "./ids.ts";
import type { InviteLink } from "./inviteLinks.ts";
import { newRecord, type RoomRecord } from "./record.ts";
import type { InviteCard, PendingJoin } from "./types.ts";

const WAIT = 30 * 86_400_000;

/** A request to join, kept sealed under `join/<request>` from before it is sent until the group is entered. */
export interface JoinRecord {
  readonly request: string;
  readonly invite: string;
  readonly card: Card;
  readonly pseudonym: string;
  readonly note: string;
  readonly own: OwnPackage;
  /** The member's policy key (HPKE). */
  readonly policyKey: { readonly privateKey: Bytes; readonly publicKey: Bytes };
  /** What whoever answers, having read the request, authenticates the answer with. */
  readonly replyKey: Bytes;
  /** What the server is asked, word for word, so that asking again is the same request. */
  readonly asked: { readonly id: string; readonly package: string; readonly sealed: string; readonly expires: number; readonly mac: string };
  /** Whether the server has it, or had. */
  known: boolean;
  status: PendingJoin["status"];
  /** What one who admits said last. */
  word: Word | null;
  /** Whether the group lets nobody in for now, as the server says. */
  locked: boolean;
  ended: PendingJoin["ended"];
  seen: boolean | null;
}

/** What the server answers about one's own request; the last five once admitted. */
export interface Answer {
  readonly id: string;
  readonly status: "waiting" | "admitted" | "declined" | "withdrawn" | "ended" | "undone";
  readonly ended: PendingJoin["ended"];
  readonly seen: boolean | null;
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

/**
 * Opens the card of an invite. Throws AppError `wrong_card` where the server hands out another than the link is for, or
 * the reason why the invite is of no use.
 */
export async function readCard(api: Api, link: InviteLink): Promise<Card> {
  const { invite, fragment } = link;
  const keys = await deriveInviteKeys(b64decode(fragment), uuidBytes(invite));
  const { card, group } = await api.get<{ card: string; group: string }>(`/invites/${invite}`);
  let opened: Card;
  try {
    opened = await openCard(keys, b64decode(card));
  } catch (error) {
    throw error instanceof CryptoError ? new AppError("wrong_card", { cause: error }) : error;
  }
  if (opened.group !== group) throw new AppError("wrong_card");
  return opened;
}

export function cardView(invite: string, card: Card): InviteCard {
  const { group, name, welcome, rules, from, guest } = card;
  return { invite, group, name, welcome, rules: rules.text, from, guest };
}

export function pendingView(join: JoinRecord): PendingJoin {
  const { request, invite, card, pseudonym, note, status, locked, ended, seen } = join;
  const word = join.word && join.word.declined === (status === "declined") ? join.word : null;
  return { request, card: cardView(invite, card), pseudonym, note, status, word, locked, ended, seen };
}

/** Makes a request with fresh keys. Keep it before it is sent. `now` is the server's time. Throws AppError `invalid_field`. */
export async function prepareJoin(
  link: InviteLink, card: Card, pseudonym: string, note: string, now: number,
): Promise<JoinRecord> {
  try {
    pseudonymForm(pseudonym);
    noteForm(note);
  } catch (error) {
    throw error instanceof FormError ? new AppError("invalid_field", { cause: error }) : error;
  }
  const { invite, fragment } = link;
  const request = uuidv7();
  const [id, inviteId, group] = [uuidBytes(request), uuidBytes(invite), uuidBytes(card.group)];
  const keys = await deriveInviteKeys(b64decode(fragment), inviteId);
  const [own, policyKey] = await Promise.all([createKeyPackage(now), generate()]);
  const { version, text } = card.rules;
  const signature = b64encode(await signWith(own, await agreementBytes(group, version, text)));
  const replyKey = randomBytes(32);
  const said = {
    pseudonym, note, key: b64encode(policyKey.publicKey), reply: b64encode(replyKey), agreement: { version, signature },
  };
  const sealed = await sealRequest(b64decode(card.key), inviteId, id, said);
  const expires = now + WAIT;
  const mac = await requestMac(keys, group, id, expires, own.message, sealed);
  const asked = { id: request, package: b64encode(own.message), sealed: b64encode(sealed), expires, mac: b64encode(mac) };
  return {
    request, invite, card, pseudonym, note, own, policyKey, replyKey, asked, known: false, status: "waiting", word: null,
    locked: false, ended: null, seen: null,
  };
}

/** What one who holds the invite said; null where nobody did. */
export async function heardAtTheDoor(join: JoinRecord, { word }: Answer): Promise<Word | null> {
  if (word === null) return null;
  try {
    const { replyKey, policyKey, invite, request } = join;
    return await openWord(replyKey, policyKey.privateKey, uuidBytes(invite), uuidBytes(request), b64decode(word));
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
  const exported = await group.exporter(REPLY_LABEL, requestId, 32);
  let state: Bytes;
  try {
    state = await openReply(join.replyKey, { room: roomId, packageRef: own.ref, requestId, exported }, b64decode(reply));
  } catch (error) {
    throw new Suspicion("wrong_reply", error);
  }
  return newRecord({
    group: card.group, room, crypto: group.serialise(), policyKey: policyKey.privateKey, me: b64encode(own.identity),
    head: seq, before: { seq, mine: false, applied: true, crypto: null, state: null, sinceUpdate: null, renewed: 0 }, sinceUpdate: null, promised: { rules: card.rules, pseudonym, key: b64encode(policyKey.publicKey), state },
  });
}
