import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { b64decode, b64encode, utf8 } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { commitment, openContent, sealContent } from "./franking.ts";

type Case = Record<"content" | "kf" | "room" | "leaf" | "plaintext" | "commitment", string> & { epoch: number };
const { cases } = vectors("franking") as { cases: Case[] };
const ROOM = new Uint8Array(16).fill(1);
const LEAF = new Uint8Array(16).fill(2);

test("commitments are those of Python, and its messages open", async () => {
  for (const one of cases) {
    const where = [b64decode(one.room), b64decode(one.leaf), one.epoch] as const;
    expect(b64encode(await commitment(b64decode(one.kf), b64decode(one.content), ...where))).toBe(one.commitment);
    const opened = await openContent(b64decode(one.plaintext), b64decode(one.commitment), ...where);
    expect([b64encode(opened.content), b64encode(opened.kf)]).toEqual([one.content, one.kf]);
  }
});

test("a message opens only where it was sealed, with its own commitment", async () => {
  const sealed = await sealContent(utf8("hello"), ROOM, LEAF, 3);
  const other = await sealContent(utf8("hello"), ROOM, LEAF, 3n);
  expect((await openContent(sealed.plaintext, sealed.commitment, ROOM, LEAF, 3n)).content).toEqual(utf8("hello"));
  const changed = sealed.plaintext.with(4, sealed.plaintext[4] === 0x6a ? 0 : 0x6a);
  const wrongs: Parameters<typeof openContent>[] = [
    [sealed.plaintext, sealed.commitment, LEAF, ROOM, 3],
    [sealed.plaintext, sealed.commitment, ROOM, LEAF, 4],
    [sealed.plaintext, sealed.commitment, ROOM, ROOM, 3],
    [sealed.plaintext, other.commitment, ROOM, LEAF, 3],
    [new Uint8Array(changed), sealed.commitment, ROOM, LEAF, 3],
    [sealed.plaintext, new Uint8Array(), ROOM, LEAF, 3],
  ];
  for (const wrong of wrongs) {
    await expect(openContent(...wrong)).rejects.toThrow(CryptoError);
  }
});
