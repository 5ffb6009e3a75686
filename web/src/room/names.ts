/**
 * Names that people could take for one another, or for the pages' own words. As `safespace.rooms.names`, by the same
 * vectors (`tests/vectors/names.json`).
 *
 * Two names are alike where they are drawn alike: by letters and digits alone, in any case, whatever marks are on them, and
 * whichever script they come from (the skeletons of UTS #39, by the one table of `confusables.txt`).
 */
import confusables from "./confusables.txt?raw";

/** Nobody is called so, nor so besides something else. */
const OFFICES = [
  "facilitator", "facilitators", "moderator", "moderators", "administrator", "safespace", "owner", "admin", "mod", "staff", "support",
  "system", "server",
];
/** What the pages write where a name would stand. */
const PLACEHOLDERS = [
  "you", "someone", "somebody", "someone who is gone", "everyone", "everybody", "all", "nobody", "anonymous", "me", "member", "a member", "guest",
  "a guest",
];
/** Letters of an office that is found also inside a longer word, or with signs between its letters. */
const LONG = 8;
const UNSEEN = /\u200c|\u200d|[\ufe00-\ufe0f]/g;
/** Marks that go with any letter. Those of one script alone, such as vowels, are part of a name in it. */
const MARKS = /[\u0300-\u036f]|[\u0483-\u0489]|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20ff]|[\ufe20-\ufe2f]/g;
const ON_LATIN = /(?<=[ -~])\p{M}+/gu;
const WORDS = /[\p{L}\p{N}\p{M}]+/gu;

const table = new Map(
  confusables.split("\n").flatMap((line) => {
    const [meant = "", signs = ""] = line.startsWith("#") ? [] : line.split("\t");
    return Array.from(signs, (sign) => [sign, meant] as const);
  }),
);

/** Why somebody cannot be called so beside `others`; null where they can. */
export function refusal(pseudonym: string, others: readonly string[]): "pseudonym_reserved" | "pseudonym_taken" | null {
  if (isReserved(pseudonym)) return "pseudonym_reserved";
  return taken(pseudonym, others) ? "pseudonym_taken" : null;
}

/**
 * Whether one of `others` is drawn like `pseudonym`. Asked by who admits, before they do. It depends a little on the
 * Unicode of the device, so the fold compares exactly.
 */
export function taken(pseudonym: string, others: readonly string[]): boolean {
  const own = skeletons(pseudonym);
  return others.some((other) => meet(own, skeletons(other)));
}

/** Whether a name could be taken for the pages' own words: an office, the place itself, or `You`. */
export function isReserved(pseudonym: string): boolean {
  const whole = skeletons(pseudonym);
  const parts = [...whole, ...words(pseudonym).flatMap(skeletons)];
  return (
    OFFICES.some(
      (office) =>
        meet(parts, skeletons(office)) ||
        (office.length >= LONG && skeletons(office).some((inner) => whole.some((outer) => outer.includes(inner)))),
    ) || PLACEHOLDERS.some((word) => meet(whole, skeletons(word)))
  );
}

function meet(some: readonly string[], others: readonly string[]): boolean {
  return some.some((one) => others.includes(one));
}

function words(name: string): string[] {
  return name.replace(UNSEEN, "").normalize("NFKC").match(WORDS) ?? [];
}

/** What is the same for names that are drawn alike. Two, as what looks alike is another thing in capitals: I is like l, and i is not. */
function skeletons(name: string): string[] {
  const text = name.replace(UNSEEN, "").normalize("NFKC");
  return [text, lower(text)].map((one) => letters(drawn(lower(drawn(one)))));
}

function drawn(text: string): string {
  return bare(Array.from(bare(text), (sign) => table.get(sign) ?? sign).join(""));
}

/** Without the marks that go with any letter, and without any on a letter of Latin. */
function bare(text: string): string {
  return text.normalize("NFD").replace(MARKS, "").replace(ON_LATIN, "");
}

/** By way of capitals, so that letters with one capital are one. */
function lower(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll("\u03c2", "\u03c3");
}

/** Letters and digits alone, or where there are none, all that is seen. */
function letters(text: string): string {
  return (text.match(WORDS) ?? [text.replace(/\s/g, "")]).join("");
}
