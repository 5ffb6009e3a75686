import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { argon } from "./argon.ts";
import { CryptoError } from "./errors.ts";
import { lock, unlock } from "./locked.ts";

const given = vectors("locked") as Record<"passphrase" | "typed" | "wrong", string> & {
  files: { text: string; file: string }[];
  bad: { name: string; file: string }[];
};

test("what is locked opens", async () => {
  expect(await unlock(await lock("Grüße 🌿", "a passphrase", argon), "a passphrase", argon)).toBe("Grüße 🌿");
});

test("files of Python's open however the passphrase is typed, and not with another", async () => {
  for (const { text, file } of given.files) {
    expect(await unlock(file, given.passphrase, argon)).toBe(text);
    expect(await unlock(file, given.typed, argon)).toBe(text);
    await expect(unlock(file, given.wrong, argon)).rejects.toThrow(CryptoError);
  }
});

test.each(given.bad)("$name: does not open", async ({ file }) => {
  await expect(unlock(file, given.passphrase, argon)).rejects.toThrow(CryptoError);
});
