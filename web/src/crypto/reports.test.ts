import fc from "fast-check";
import { expect, test } from "vitest";
import { damaged, type Edit, vectors } from "../../tests/vectors.ts";
import { b64decode, b64encode, type Bytes, canonicalJson, utf8 } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { type HandoverContent, handoverContent } from "./handovers.ts";
import { generate } from "./hpke.ts";
import {
  type About,
  type AnswerContent,
  answerContent,
  entryContent,
  type EntryContent,
  fits,
  hear,
  isEndorsed,
  read,
  type ReportContent,
  reportContent,
  type ReportedLine,
  say,
  seal,
  sealAnswer,
  unseal,
  unsealAnswer,
  verify,
  write,
} from "./reports.ts";

interface Written {
  readonly name: string;
  readonly written: string;
}

const given = vectors("reports") as Record<
  "group" | "room" | "id" | "leaf" | "leaf_key" | "seed" | "private" | "public" | "said" | "sealed" | "box",
  string
> & {
  good: (Written & { report: ReportContent })[];
  bad: Written[];
  bad_entries: Written[];
  edits: (Edit & { good: boolean })[];
  fits: ReportedLine[];
  main_key: string;
  endorsed: ReportedLine;
  unendorsed: { name: string; line: ReportedLine }[];
  misfits: { name: string; line: ReportedLine }[];
  entry: { content: EntryContent; said: string };
  answer: { content: AnswerContent; box: string };
  handover: { content: HandoverContent; sealed: string; box: string; bad: Written[] };
};

const id = (uuid: string): Bytes => Uint8Array.from(uuid.replaceAll("-", "").match(/../g) ?? [], (byte) => parseInt(byte, 16));
const about: About = { use: "safespace report", group: id(given.group), id: id(given.id) };
const [leaf, leafKey, privateKey] = [b64decode(given.leaf), b64decode(given.leaf_key), b64decode(given.private)];

/** Signs with the leaf key of the vectors. */
async function sign(data: Bytes): Promise<Bytes> {
  // PKCS #8 (RFC 8410) before the 32 bytes of the key.
  const wrapped = new Uint8Array([...b64decode("MC4CAQAwBQYDK2VwBCIEIA"), ...b64decode(given.seed)]);
  const key = await crypto.subtle.importKey("pkcs8", wrapped, "Ed25519", false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("Ed25519", key, data));
}

test.each(given.good)("$name is read, and written as in Python", ({ report, written }) => {
  expect(read(reportContent, b64decode(written))).toEqual(report);
  expect(b64encode(write(report))).toBe(written);
});

test.each(given.bad)("a report with $name is refused", ({ written }) => {
  expect(() => read(reportContent, b64decode(written))).toThrow(CryptoError);
});

test.each(given.bad_entries)("$name is no entry", ({ written }) => {
  expect(() => read(entryContent, b64decode(written))).toThrow(CryptoError);
});

test("damages are judged as in Python", () => {
  const short = { ...given.good[0]?.report, line: 10, lines: [given.endorsed] };
  for (const { good, ...edit } of given.edits) {
    const written = canonicalJson(damaged(short, edit));
    if (good) expect(read(reportContent, written), edit.path.join(".")).toBeTruthy();
    else expect(() => read(reportContent, written), edit.path.join(".")).toThrow(CryptoError);
  }
});

test("a line fits only as it was sent", async () => {
  for (const line of given.fits) expect(await fits(line, id(given.room))).toBe(true);
  for (const line of given.fits) expect(await fits(line, id(given.group))).toBe(false);
  for (const { name, line } of given.misfits) expect(await fits(line, id(given.room)), name).toBe(false);
});

test("a leaf of a further room is whose it is by their own word alone", async () => {
  const mainKey = b64decode(given.main_key);
  expect(await isEndorsed(given.endorsed, id(given.group), mainKey)).toBe(true);
  expect(await isEndorsed(given.endorsed, id(given.room), mainKey)).toBe(false);
  for (const { name, line } of given.unendorsed) expect(await isEndorsed(line, id(given.group), mainKey), name).toBe(false);
});

test("Python's report, entry and answer open", async () => {
  const statement = await unseal(about, b64decode(given.sealed), b64decode(given.box), privateKey);
  await verify(about, statement, leafKey);
  expect(read(reportContent, statement.content)).toEqual(given.good[0]?.report);
  const entry: About = { ...about, use: "safespace report entry", id: id(given.entry.content.id) };
  const said = hear(b64decode(given.entry.said));
  await verify(entry, said, leafKey);
  expect(read(entryContent, said.content)).toEqual(given.entry.content);
  const answer: About = { ...about, use: "safespace report answer" };
  const told = await unsealAnswer(answer, b64decode(given.answer.box), privateKey);
  await verify(answer, told, leafKey);
  expect(read(answerContent, told.content)).toEqual(given.answer.content);
});

test("what is said is what Python says", async () => {
  const report = given.good[0]?.report;
  expect(report && b64encode(await say(about, write(report), leaf, sign))).toBe(given.said);
});

test("a statement opens and verifies for its use, group, id, leaf and recipient alone", async () => {
  const [one, other] = [await generate(), await generate()];
  const { content } = given.entry;
  const entry: About = { ...about, use: "safespace report entry" };
  const said = await say(entry, write(content), leaf, sign);
  const { sealed, boxes } = await seal(entry, said, new Map([["one", one.publicKey]]));
  const box = boxes.get("one") ?? new Uint8Array();
  const statement = await unseal(entry, sealed, box, one.privateKey);
  expect(read(entryContent, statement.content)).toEqual(content);
  await verify(entry, statement, leafKey);
  const elsewhere: About[] = [about, { ...entry, group: entry.id }, { ...entry, id: entry.group }];
  for (const wrong of elsewhere) {
    await expect(unseal(wrong, sealed, box, one.privateKey)).rejects.toThrow(CryptoError);
    await expect(verify(wrong, statement, leafKey)).rejects.toThrow(CryptoError);
  }
  await expect(unseal(entry, sealed, box, other.privateKey)).rejects.toThrow(CryptoError);
  await expect(unseal(entry, sealed.map((byte, at) => (at === 40 ? byte ^ 1 : byte)), box, one.privateKey)).rejects.toThrow(CryptoError);
  await expect(verify(entry, { ...statement, leaf: new Uint8Array(16) }, leafKey)).rejects.toThrow(CryptoError);
  await expect(verify(entry, { ...statement, content: utf8("{}") }, leafKey)).rejects.toThrow(CryptoError);
  await expect(verify(entry, statement, one.publicKey)).rejects.toThrow(CryptoError);
  const answered = await sealAnswer(entry, said, one.publicKey);
  expect((await unsealAnswer(entry, answered, one.privateKey)).content).toEqual(write(content));
  await expect(unsealAnswer(about, answered, one.privateKey)).rejects.toThrow(CryptoError);
});

test("other bytes say nothing", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (data) => {
      expect(() => hear(new Uint8Array(data))).toThrow(CryptoError);
    }),
  );
});

test("a handover note made in Python opens, is what it says, and passes for nothing else", async () => {
  const { content, sealed, box, bad } = given.handover;
  const note: About = { use: "safespace handover", group: id(given.group), id: id(content.id) };
  const said = await unseal(note, b64decode(sealed), b64decode(box), privateKey);
  await verify(note, said, leafKey);
  expect(read(handoverContent, said.content)).toEqual(content);
  const entry: About = { ...note, use: "safespace report entry" };
  await expect(unseal(entry, b64decode(sealed), b64decode(box), privateKey)).rejects.toThrow(CryptoError);
  await expect(verify(entry, said, leafKey)).rejects.toThrow(CryptoError);
  for (const { written } of bad) expect(() => read(handoverContent, b64decode(written))).toThrow(CryptoError);
});
