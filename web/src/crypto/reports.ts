/**
 * Reports: what a member tells those who keep the room, sealed to them, with what it takes to see who wrote what.
 *
 * See docs/protocol.md, "Reports". Ids are their 16 bytes here. `safespace.crypto.reports` does the same.
 */
import { b64, bytes, exact, type Form, FormError, list, nothing, type Of, oneOf, uuid, whole } from "../form.ts";
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
} from "./bytes.ts";
import { verifyEndorsement } from "./endorsements.ts";
import { verifies } from "./ed25519.ts";
import { CryptoError } from "./errors.ts";
import { commitment } from "./franking.ts";
import * as hpke from "./hpke.ts";
import { padme } from "./padding.ts";
import { isBlank, reportAnswer, reportText } from "./texts.ts";

/** Lines of one report. */
export const MAX_LINES = 20;
const MAX_RECIPIENTS = 64;
/** Bytes of a report's JSON. */
export const MAX_SAID = 256 * 1024;
const FLOOR = 1024;
const KEY_SIZE = 32;
const NONCE_SIZE = 12;
const ID_SIZE = 16;
const SIGNATURE_SIZE = 64;

/** What a statement is, so that none can pass for another. */
type Use = "safespace report" | "safespace report entry" | "safespace report answer" | "safespace handover";

/** What a statement is and belongs to; `id` is that of the report, or of the entry. */
export interface About {
  readonly use: Use;
  readonly group: Bytes;
  readonly id: Bytes;
}

/** Bytes that someone with the leaf `leaf` said, if the signature verifies. */
export interface Statement {
  readonly content: Bytes;
  readonly leaf: Bytes;
  readonly signature: Bytes;
}

const identity = bytes(16);
const orNull =
  <T>(form: Form<T>): Form<T | null> =>
  (value) =>
    value === null ? nothing(value) : form(value);

const endorsement = exact({ member: identity, key: bytes(32), endorsement: bytes(64) });

export const reportedLine = exact({
  content: b64,
  kf: bytes(32),
  leaf: identity,
  epoch: whole(0),
  seq: whole(1),
  time: whole(0),
  commitment: bytes(32),
  stamp: bytes(33),
  endorsed: orNull(endorsement),
});
const reportFields = exact({
  v: whole(1, 1),
  kind: oneOf("message", "person", "situation", "check"),
  id: uuid,
  group: uuid,
  room: uuid,
  accused: orNull(identity),
  note: reportText,
  to: list(identity, 1, MAX_RECIPIENTS),
  line: orNull(whole(1)),
  lines: list(reportedLine, 0, MAX_LINES),
});
const entryFields = exact({
  v: whole(1, 1),
  id: uuid,
  report: uuid,
  kind: oneOf("note", "assign", "resolve", "reopen"),
  member: orNull(identity),
  text: reportText,
});

/** Whose a leaf of a further room is: its key, and their signature over it with the key that they have in main. */
export type Endorsement = Of<typeof endorsement>;
/**
 * A message as it was received: what it said, and what the envelope said of it. `time` is in milliseconds. `endorsed` is
 * null in main.
 */
export type ReportedLine = Of<typeof reportedLine>;
/** What a reporter says. `line` is the seq of the one of `lines` that is meant. */
export type ReportContent = Of<typeof reportFields>;
/** What a recipient writes about a report. `member` is who takes it on, for `assign`. */
export type EntryContent = Of<typeof entryFields>;

export const reportContent: Form<ReportContent> = (value) => {
  const report = reportFields(value);
  const { kind, accused, to, line, lines } = report;
  const seqs = lines.map(({ seq }) => seq);
  const quotes = kind === "message" || kind === "check";
  const whole =
    isRising(seqs) &&
    isRising(to) &&
    quotes === (line !== null) &&
    (line === null || seqs.includes(line)) &&
    (accused === null) === (kind === "situation") &&
    (accused === null || !to.includes(accused)) &&
    (quotes || !isBlank(report.note));
  if (!whole) throw new FormError("invalid_field");
  return report;
};

export const entryContent: Form<EntryContent> = (value) => {
  const entry = entryFields(value);
  if ((entry.member !== null && entry.kind !== "assign") || (entry.kind === "note" && isBlank(entry.text))) {
    throw new FormError("invalid_field");
  }
  return entry;
};

/** What the reporter is told. */
export const answerContent = exact({ v: whole(1, 1), report: uuid, text: reportAnswer });
export type AnswerContent = Of<typeof answerContent>;

function isRising(values: readonly number[] | readonly string[]): boolean {
  return values.every((value, index) => index === 0 || (values[index - 1] ?? value) < value);
}

/** Canonical JSON, as it is signed. Throws CryptoError above MAX_SAID bytes. */
export function write(content: ReportContent | EntryContent | AnswerContent): Bytes {
  const written = canonicalJson(content);
  if (written.length > MAX_SAID) throw new CryptoError("this is too large for a report");
  return written;
}

/** Throws CryptoError for anything that `write` does not write. */
export function read<T extends Json>(form: Form<T>, data: Bytes): T {
  try {
    const content = form(JSON.parse(fromUtf8(data)));
    if (data.length <= MAX_SAID && equalBytes(canonicalJson(content), data)) return content;
  } catch (error) {
    if (!(error instanceof FormError || error instanceof SyntaxError || error instanceof CryptoError)) throw error;
  }
  throw new CryptoError("this is not of the agreed form");
}

/** Whether the member who is named said that the leaf is theirs, with `mainKey`, theirs in main. */
export async function isEndorsed({ leaf, endorsed }: ReportedLine, group: Bytes, mainKey: Bytes): Promise<boolean> {
  if (!endorsed) return false;
  const held = { identity: b64decode(leaf), signatureKey: b64decode(endorsed.key) };
  try {
    await verifyEndorsement(b64decode(endorsed.endorsement), mainKey, group, held);
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    return false;
  }
  return true;
}

/** Whether the line's commitment is that of its content, by its leaf in this room and its epoch. */
export async function fits(line: ReportedLine, room: Bytes): Promise<boolean> {
  const [kf, content, leaf] = [b64decode(line.kf), b64decode(line.content), b64decode(line.leaf)];
  return equalBytes(await commitment(kf, content, room, leaf, line.epoch), b64decode(line.commitment));
}

/**
 * Whether a line is proved, as far as a device can tell that holds this line of the room, or does not (null).
 * null where the server has to be asked about the stamp.
 */
export async function check(line: ReportedLine, room: Bytes, held: ReportedLine | null): Promise<boolean | null> {
  if (!(await fits(line, room))) return false;
  // What the device received is surer than a stamp.
  return held && equalBytes(canonicalJson({ ...held, stamp: line.stamp }), canonicalJson(line));
}

/** A signed statement, padded. `sign` makes an Ed25519 signature with the key of `leaf`. */
export async function say(
  about: About,
  content: Bytes,
  leaf: Bytes,
  sign: (data: Bytes) => Promise<Bytes>,
): Promise<Bytes> {
  const said = concat(lp(content), leaf, await sign(signedBytes(about, leaf, content)));
  return concat(said, new Uint8Array(padme(Math.max(FLOOR, said.length)) - said.length));
}

/** What `say` was given. Throws CryptoError for anything else; the signature is still to be verified. */
export function hear(said: Bytes): Statement {
  const size = said.length < FLOOR ? 0 : new DataView(said.buffer, said.byteOffset).getUint32(0);
  const signatureAt = 4 + size + ID_SIZE;
  const end = signatureAt + SIGNATURE_SIZE;
  if (size > MAX_SAID || said.length !== padme(Math.max(FLOOR, end)) || said.subarray(end).some((byte) => byte !== 0)) {
    throw new CryptoError("the padding is not of the agreed form");
  }
  return {
    content: said.slice(4, 4 + size),
    leaf: said.slice(4 + size, signatureAt),
    signature: said.slice(signatureAt, end),
  };
}

/** Throws CryptoError unless `leafKey` (Ed25519, 32 bytes) signed the statement. */
export async function verify(about: About, { content, leaf, signature }: Statement, leafKey: Bytes): Promise<void> {
  if (!(await verifies(leafKey, signedBytes(about, leaf, content), signature))) {
    throw new CryptoError("the signature does not verify");
  }
}

/** What was said, and the key to it in a box for each of `keys`. Throws CryptoError for an unusable key. */
export async function seal(
  about: About,
  said: Bytes,
  keys: ReadonlyMap<string, Bytes>,
): Promise<{ sealed: Bytes; boxes: ReadonlyMap<string, Bytes> }> {
  const [key, iv] = [randomBytes(KEY_SIZE), randomBytes(NONCE_SIZE)];
  const sealing = { name: "AES-GCM", iv, additionalData: bind(about) };
  const sealed = concat(iv, new Uint8Array(await crypto.subtle.encrypt(sealing, await aes(key), said)));
  const boxes = new Map<string, Bytes>();
  for (const [member, publicKey] of keys) boxes.set(member, await hpke.seal(publicKey, bind(about), key));
  return { sealed, boxes };
}

/** What was said, for one with a box. Throws CryptoError for what was not sealed for this. */
export async function unseal(about: About, sealed: Bytes, box: Bytes, privateKey: Bytes): Promise<Statement> {
  const key = await hpke.open(privateKey, bind(about), box);
  const sealing = { name: "AES-GCM", iv: sealed.slice(0, NONCE_SIZE), additionalData: bind(about) };
  let opened: ArrayBuffer;
  try {
    opened = await crypto.subtle.decrypt(sealing, await aes(key), sealed.slice(NONCE_SIZE));
  } catch {
    throw new CryptoError("this does not open");
  }
  return hear(new Uint8Array(opened));
}

/** A box with the same key in it for another. Throws CryptoError for what was not sealed for this. */
export async function handOn(about: About, box: Bytes, privateKey: Bytes, key: Bytes): Promise<Bytes> {
  return hpke.seal(key, bind(about), await hpke.open(privateKey, bind(about), box));
}

/** For the reporter alone. Throws CryptoError for an unusable key. */
export function sealAnswer(about: About, said: Bytes, key: Bytes): Promise<Bytes> {
  return hpke.seal(key, bind(about), said);
}

/** Throws CryptoError for what is no answer to this report. */
export async function unsealAnswer(about: About, box: Bytes, privateKey: Bytes): Promise<Statement> {
  return hear(await hpke.open(privateKey, bind(about), box));
}

function bind({ use, group, id }: About): Bytes {
  return concat(lp(use), lp(group), lp(id));
}

/** What the leaf key signs. */
function signedBytes({ use, group, id }: About, leaf: Bytes, content: Bytes): Bytes {
  return concat(lp(`${use} 1`), lp(group), lp(id), lp(leaf), lp(content));
}

function aes(key: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
}
