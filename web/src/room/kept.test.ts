import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { argon } from "../crypto/argon.ts";
import { lock, unlock } from "../crypto/locked.ts";
import { readDeeds } from "./kept.ts";

const { passphrase, deeds } = vectors("locked") as { passphrase: string; deeds: { content: unknown[]; file: string } };

test("a file of Python's opens, and what is written of it is the same again", async () => {
  const opened = readDeeds(await unlock(deeds.file, passphrase, argon));
  expect(opened).toEqual(deeds.content);
  const again = await lock(JSON.stringify(opened), passphrase, argon);
  expect(JSON.parse(await unlock(again, passphrase, argon))).toEqual(deeds.content);
});

test.each(["seconds", "mode", "length", "ban", "absent"])("a deed without %s, or with one field more, is no deed", (field) => {
  const [deed] = deeds.content as Record<string, unknown>[];
  const less = Object.fromEntries(Object.entries(deed ?? {}).filter(([name]) => name !== field));
  expect(() => readDeeds(JSON.stringify([less]))).toThrow();
  expect(() => readDeeds(JSON.stringify([{ ...deed, more: null }]))).toThrow();
});
