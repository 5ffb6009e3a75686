"""What a browser profile keeps, opened with the key that is in it."""

import json
from typing import Any, NamedTuple

from playwright.async_api import Page

_OPEN = """
async () => {
  const db = await new Promise((resolve, reject) => {
    const asked = indexedDB.open("safespace");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = reject;
  });
  const all = (store, what) => new Promise((resolve, reject) => {
    const asked = db.transaction(store).objectStore(store)[what]();
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = reject;
  });
  const [key] = (await all("device", "getAll")).filter((one) => one instanceof CryptoKey);
  const opened = [];
  for (const store of ["values", "lines"]) {
    const [names, values] = [await all(store, "getAllKeys"), await all(store, "getAll")];
    for (const [at, value] of values.entries()) {
      const name = Array.isArray(names[at]) ? names[at].join("/") : names[at];
      const algorithm = { name: "AES-GCM", iv: value.slice(0, 12), additionalData: new TextEncoder().encode(name) };
      const plain = new Uint8Array(await crypto.subtle.decrypt(algorithm, key, value.slice(12)));
      const end = 4 + new DataView(plain.buffer).getUint32(0);
      const text = (bytes) => new TextDecoder().decode(bytes);
      opened.push([name, text(plain.slice(4, end)), text(plain)]);
    }
  }
  db.close();
  return JSON.stringify(opened);
}
"""


class Kept(NamedTuple):
    name: str
    json: str
    """What of it is no byte array."""
    whole: str


async def opened(page: Page) -> list[Kept]:
    """All of it, from any page of ours."""
    return [Kept(*one) for one in json.loads(await page.evaluate(_OPEN))]


async def policy(page: Page) -> Any:
    """What the one group of this profile has agreed, as JSON."""
    [room] = [one for one in await opened(page) if one.name.startswith("room/")]
    return json.loads(room.json)["state"]
