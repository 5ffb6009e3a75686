import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { expect, test } from "vitest";
import { MESSAGE_IDS } from "./ids";

const source = join(import.meta.dirname, "..");
const english = ["en.ftl", "en.account.ftl", "en.ballots.ftl", "en.care.ftl", "en.doors.ftl", "en.pages.ftl", "en.plan.ftl", "en.reports.ftl", "en.room.ftl", "en.session.ftl"].map((file) => readFileSync(join(import.meta.dirname, file), "utf8")).join("\n");

const screens = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !file.includes("test") && !file.endsWith(join("i18n", "ids.ts")))
  .map((file) => readFileSync(join(source, file), "utf8"))
  .join("\n");

function bundle(): FluentBundle {
  const made = new FluentBundle("en", { useIsolating: false });
  expect(made.addResource(new FluentResource(english))).toEqual([]);
  return made;
}

test("the list of ids is exactly that of the catalogue", () => {
  const written = [...english.matchAll(/^([a-z][a-z0-9-]*) =/gm)].map(([, id]) => id);
  expect(new Set(written).size).toBe(written.length);
  expect([...MESSAGE_IDS]).toEqual([...written].sort());
});

test("every message is used by a screen", () => {
  expect(MESSAGE_IDS.filter((id) => !screens.includes(`"${id}"`))).toEqual([]);
});

test("every message is read without a fault, for one and for many", () => {
  const made = bundle();
  const names = [
    "page", "from", "name", "who", "once", "by", "group", "handle", "code", "role", "text", "words", "day", "whom", "lasts", "kept", "names",
    "until", "title", "readers", "time", "number", "when", "place", "minutes", "at", "why", "seen", "other",
  ];
  for (const count of [1, 2, 7]) {
    const values = { count, used: 1, uses: count, ...Object.fromEntries(names.map((name) => [name, "Wren"])) };
    for (const id of MESSAGE_IDS) {
      const failures: Error[] = [];
      const pattern = made.getMessage(id)?.value;
      expect(pattern, id).toBeTruthy();
      if (pattern) expect(made.formatPattern(pattern, values, failures), id).not.toBe("");
      expect(failures, id).toEqual([]);
    }
  }
});

test("the voice: no exclamation marks, and no technical words outside the page that explains", () => {
  const explains = /^## How it works[^]*?(?=^##)/m.exec(english)?.[0] ?? "";
  expect(explains).toContain("encrypted");
  const spoken = english
    .replace(explains, "")
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.replace(/^[a-z-]+ =/, ""))
    .join("\n");
  expect(spoken).not.toMatch(/!/);
  expect(spoken).not.toMatch(/\b(encrypt\w*|decrypt\w*|cryptograph\w*|epoch|ciphertext)\b/i);
});

test("one waits, two wait, many wait", () => {
  const made = bundle();
  const say = (count: number): string => made.formatPattern(made.getMessage("waiting-banner")?.value ?? "", { count, name: "Lark" }, null);
  expect([1, 2, 5].map(say)).toEqual(["Lark is waiting", "Lark and one more are waiting", "Lark and others are waiting"]);
});
