import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { isReserved, taken } from "./names.ts";

type Pair = { one: string; other: string; taken: boolean };
type Text = { text: string; is_reserved: boolean };
const given = vectors("names") as { alike: Pair[]; apart: Pair[]; reserved: Text[]; free: Text[] };

test.each([...given.alike, ...given.apart])("$other beside $one is judged as in Python", ({ one, other, taken: expected }) => {
  expect(taken(other, ["Wren", one])).toBe(expected);
});

test.each([...given.reserved, ...given.free])("$text is judged as in Python", ({ text, is_reserved }) => {
  expect(isReserved(text)).toBe(is_reserved);
});

test("whatever the pages write in a name's place is nobody's name, in every language", () => {
  const folder = new URL("../i18n/", import.meta.url);
  const ids = /^(?:you|you-inside|someone|someone-gone|someone-gone-first|product|(?:role|a)-(?:owner|facilitator|moderator|member|guest)) = (.+)$/gm;
  const words = readdirSync(folder)
    .filter((name) => name.endsWith(".ftl"))
    .flatMap((name) => Array.from(readFileSync(new URL(name, folder), "utf8").matchAll(ids), ([, word = ""]) => word));
  expect(words.length).toBeGreaterThanOrEqual(15);
  expect(words.filter((word) => !isReserved(word))).toEqual([]);
});

test("any text can be asked about, and is like itself", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (name) => {
      expect(taken(name, [`${name}\u200d`])).toBe(true);
      expect(isReserved(`${name} moderator`)).toBe(true);
    }),
  );
});
