import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { argon } from "./argon.ts";
import { b64encode } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { argonInput, isHandle, loginKeys, normalOrigin, typedHandle } from "./login.ts";

const given = vectors("login") as {
  stretch: Record<"origin" | "handle" | "passphrase" | "login_key" | "vault_key", string>[];
  origins: [string, string][];
  no_origins: string[];
  handles: string[];
  no_handles: string[];
  typed: [string, string][];
};

// The worker only carries the question to `argon` and the answer back; the browser tests go through it.
test.each(given.stretch)("the keys of $handle are those of Python", async ({ origin, handle, passphrase, ...keys }) => {
  const { loginKey, vaultKey } = await loginKeys(await argon(await argonInput(origin, handle, passphrase)));
  expect({ login_key: b64encode(loginKey), vault_key: b64encode(vaultKey) }).toEqual(keys);
});

test.each(given.origins)("%s is of %s", (url, origin) => {
  expect(normalOrigin(url)).toBe(origin);
});

test.each(given.no_origins)("'%s' is no server's address", (url) => {
  expect(() => normalOrigin(url)).toThrow(CryptoError);
});

test.each(given.typed)("'%s' is typed for '%s'", (text, handle) => {
  expect(typedHandle(text)).toBe(handle);
});

test("handles are told from other text, and a passphrase from none", async () => {
  expect(given.handles.every(isHandle)).toBe(true);
  for (const handle of given.no_handles) {
    await expect(argonInput("http://localhost", handle, "a passphrase")).rejects.toThrow(CryptoError);
  }
  await expect(argonInput("http://localhost", "wren", "")).rejects.toThrow(CryptoError);
});
