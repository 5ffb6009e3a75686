import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { isBlank, pseudonym } from "./texts.ts";

const { names } = vectors("names") as { names: { name: string; text: string; is_name: boolean; is_blank: boolean }[] };

test.each(names)("$name: the same is a name, and the same is blank, as in Python", ({ text, is_name, is_blank }) => {
  const judge = expect(() => pseudonym(text));
  if (is_name) judge.not.toThrow();
  else judge.toThrow("invalid_field");
  expect(isBlank(text)).toBe(is_blank);
});
