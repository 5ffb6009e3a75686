/** Anonymous answers: what a token is, and how an answer is sealed so that all are of one size. As `safespace.crypto.ballots`. */
import { exact, FormError, nullable, type Of, oneOf, whole } from "../form.ts";
import { type Bytes, canonicalJson, concat, equalBytes, fromUtf8, lp } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { open, seal } from "./hpke.ts";
import { answerText } from "./texts.ts";

const PADDED = 4096;

export const mood = oneOf("better", "same", "worse", "unsure");
const answer = exact({ v: whole(1, 1), kind: oneOf("answer"), mood: nullable(mood), text: answerText });

/** What someone answers; a blank one says neither how they are nor anything else. */
export type Answer = Of<typeof answer>;
export type Mood = Of<typeof mood>;

export function answering(written: string, how: Mood | null): Answer {
  return { v: 1, kind: "answer", mood: how, text: written };
}

export const BLANK = answering("", null);

export function isBlank(given: Answer): boolean {
  return given.mood === null && given.text === "";
}

/** For the token of this message alone. Throws CryptoError for an unusable key. */
export function sealAnswer(given: Answer, key: Bytes, group: Bytes, ballot: Bytes, message: Bytes): Promise<Bytes> {
  const padded = new Uint8Array(PADDED);
  padded.set(lp(canonicalJson(given)));
  return seal(key, about(group, ballot, message), padded);
}

/** Throws CryptoError for anything that `sealAnswer` does not write. */
export async function openAnswer(
  sealed: Bytes, privateKey: Bytes, group: Bytes, ballot: Bytes, message: Bytes,
): Promise<Answer> {
  const padded = await open(privateKey, about(group, ballot, message), sealed);
  const end = 4 + new DataView(padded.buffer, padded.byteOffset, 4).getUint32(0);
  if (padded.length !== PADDED || end > PADDED || padded.slice(end).some((byte) => byte !== 0)) {
    throw new CryptoError("an answer is padded to one size");
  }
  const content = padded.slice(4, end);
  try {
    const read = answer(JSON.parse(fromUtf8(content)));
    if (equalBytes(canonicalJson(read), content)) return read;
  } catch (error) {
    if (!(error instanceof FormError || error instanceof SyntaxError || error instanceof CryptoError)) throw error;
  }
  throw new CryptoError("this is no answer");
}

/** The private key that opens the answers, for a reader's policy key. Throws CryptoError for an unusable one. */
export function sealKey(privateKey: Bytes, reader: Bytes, group: Bytes, ballot: Bytes): Promise<Bytes> {
  return seal(reader, box(group, ballot), privateKey);
}

/** Throws CryptoError where the box is for another, or of another ballot. */
export function openKey(sealed: Bytes, reader: Bytes, group: Bytes, ballot: Bytes): Promise<Bytes> {
  return open(reader, box(group, ballot), sealed);
}

function about(group: Bytes, ballot: Bytes, message: Bytes): Bytes {
  return concat(lp("safespace ballot answer"), lp(group), lp(ballot), lp(message));
}

function box(group: Bytes, ballot: Bytes): Bytes {
  return concat(lp("safespace ballot key"), lp(group), lp(ballot));
}
