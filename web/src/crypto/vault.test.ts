import "fake-indexeddb/auto";
import { openDB } from "idb";
import { beforeEach, expect, test } from "vitest";
import { CryptoError } from "./errors.ts";
import { pack, unpack, Vault, VaultError } from "./vault.ts";

let count = 0;
let name = "";
beforeEach(() => {
  name = `vault-${count++}`;
});

async function opened(): Promise<Vault> {
  const vault = await Vault.open(name);
  await vault.claim();
  return vault;
}

test("what is packed comes back the same", () => {
  const value = { a: [new Uint8Array([1, 2]), null, "é"], b: { c: new Uint8Array(0), d: 2 ** 53 - 1 } };
  expect(unpack(pack(value))).toEqual(value);
});

test("values and lines survive closing, and nothing readable is stored", async () => {
  const vault = await opened();
  await vault.write({
    values: { "room/1": { name: "canary", state: new Uint8Array([9]) }, "room/2": 2, account: "canary" },
    lines: [1, 2, 3, 4].map((place) => ({ shelf: "g", place, value: `canary ${place}` })),
  });
  vault.close();
  const again = await Vault.open(name);
  expect(await again.get("room/1")).toEqual({ name: "canary", state: new Uint8Array([9]) });
  expect(await again.all("room/")).toHaveLength(2);
  expect(await again.lines("g", 2, 4)).toEqual(["canary 2", "canary 3"]);
  expect(await again.get("nothing")).toBeNull();
  const raw = await openDB(name);
  const stored = ((await raw.getAll("values")) as Uint8Array[]).concat((await raw.getAll("lines")) as Uint8Array[]);
  expect(stored).toHaveLength(7);
  for (const bytes of stored) expect(new TextDecoder("latin1").decode(bytes)).not.toContain("canary");
  await expect(crypto.subtle.exportKey("raw", (await raw.get("device", "key")) as CryptoKey)).rejects.toThrow();
});

test("a value moved to another place does not open", async () => {
  const vault = await opened();
  await vault.write({ values: { one: 1, two: 2 } });
  const raw = await openDB(name);
  await raw.put("values", await raw.get("values", "one"), "two");
  await expect(vault.get("two")).rejects.toThrow("vault");
});

test("a write that fails half-way leaves nothing of itself", async () => {
  const vault = await opened();
  await vault.write({ values: { state: "before" } });
  const bad = [{ shelf: "g", place: Number.NaN, value: "no key can be NaN" }];
  await expect(vault.write({ values: { state: "after" }, lines: bad })).rejects.toThrow(VaultError);
  expect(await vault.get("state")).toBe("before");
});

test("the tab that claims last is the only one that writes", async () => {
  const first = await opened();
  const second = await opened();
  await expect(first.write({ values: { x: 1 } })).rejects.toMatchObject({ fenced: true });
  await second.write({ values: { x: 2 } });
  expect(await first.get("x")).toBe(2);
  await first.claim();
  await first.write({ values: { x: 3 } });
  await expect(second.write({ values: { x: 4 } })).rejects.toMatchObject({ fenced: true });
});

test("null removes, a shelf is cleared, erasing forgets all", async () => {
  const vault = await opened();
  await vault.write({ values: { x: 1 }, lines: [{ shelf: "g", place: 1, value: 1 }] });
  await vault.write({ values: { x: null }, clear: ["g"] });
  expect(await vault.get("x")).toBeNull();
  expect(await vault.lines("g")).toEqual([]);
  await vault.write({ values: { y: 1 } });
  await vault.erase();
  expect(await (await Vault.open(name)).get("y")).toBeNull();
});

test("a store of which a part is gone is damaged, not refused, and can be removed", async () => {
  for (const damage of ["key", "store"]) {
    const vault = await opened();
    await vault.write({ values: { x: 1 } });
    vault.close();
    if (damage === "key") {
      const raw = await openDB(name);
      await raw.delete("device", "key");
      raw.close();
    } else {
      await Vault.destroy(name);
      const raw = await openDB(name, 1, { upgrade: (db) => void db.createObjectStore("values") });
      raw.close();
    }
    await expect(Vault.open(name).then((again) => again.get("x"))).rejects.toThrow(CryptoError);
    await Vault.destroy(name);
    expect(await (await opened()).get("x")).toBeNull();
  }
});
