import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { codeOfLink, linkTo, readLink } from "./inviteLinks.ts";

const { links } = vectors("invites") as {
  links: Record<"origin" | "invite" | "fragment" | "link" | "code", string> & {
    right: string[];
    wrong: { name: string; text: string }[];
  };
};
const { origin, invite, fragment, link, code } = links;

test.each(links.right)("%j is a link", (text) => {
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
