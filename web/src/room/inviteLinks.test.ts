import fc from "fast-check";
import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { b64encode } from "../crypto/bytes.ts";
import { codeOfLink, linkTo, readLink } from "./inviteLinks.ts";

const { links } = vectors("invites") as {
  links: Record<"origin" | "invite" | "fragment" | "link" | "code", string> & {
    right: { name: string; text: string }[];
    wrong: { name: string; text: string }[];
  };
};
const { origin, invite, fragment, link, code } = links;

test.each(links.right)("$name: the link is found", ({ text }) => {
  const read = readLink(text, origin);
  expect(read).toEqual({ invite, fragment });
  expect([linkTo(read, origin), codeOfLink(read)]).toEqual([link, code]);
});

test.each(links.wrong)("$name is none", ({ text }) => {
  expect(() => readLink(text, origin)).toThrow(/^(not_a_link|link_broken)$/);
});

test("what is cut off is said to be", () => {
  for (const text of [link.slice(0, -21), link.slice(0, link.indexOf("#")), code.slice(0, -1)]) {
    expect(() => readLink(text, origin)).toThrow("link_broken");
  }
});

test("whichever letters a fragment has, the link is found among other words", () => {
  const marks = ["", " ", "(", ")", ".", "\u201c", "\n", "> ", "<br>", "*", "_", "\u2026", "!", "#", "/", "&"];
  const [before, after] = [fc.constantFrom(...marks, "Come: "), fc.constantFrom(...marks, " tonight?")];
  const wraps: ((text: string) => string)[] = [
    (text) => text,
    (text) => text.replace("https://", " "), // without the space ".here" may be a part of another address
    (text) => `https://a.example/?u=${encodeURIComponent(text)}&d=1`,
    (text) => text.replace(/-/g, "-2D").replace(/_/g, "-5F").replace(/\//g, "_").replace(":", "-3A").replace("#", "-23").replace(/^/, "https://p.example/v2/url?u="),
    (text) => `https://a.example/?u=${btoa(text)}&p=m`,
    (text) => `${text.slice(0, 70)}\n${text.slice(70)}`,
  ];
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(bytes, fc.constantFrom(...wraps), before, after, (secret, wrap, first, last) => {
      const given = { invite, fragment: b64encode(secret) };
      expect(readLink(first + wrap(linkTo(given, origin)) + last, origin)).toEqual(given);
    }),
  );
});

test("whatever is pasted is read or refused, and costs no time", () => {
  const piece = fc.constantFrom(link, code, link.slice(0, 60), "%", "%2", "%25", "-", "_", "#", " \n".repeat(50), "aHR0c".repeat(9), "/v2/url?u=", invite, "a".repeat(200), "\ud800");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join("")), (text) => {
      try {
        expect(readLink(text, origin)).toEqual({ invite, fragment });
      } catch (error) {
        expect(String(error)).toMatch(/not_a_link|link_broken/);
      }
    }),
  );
});
