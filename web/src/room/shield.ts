/** Words of which a person wants to be asked first. They are kept on the device and sent nowhere. */

export const SHIELD_KEY = "shield";

/** Whether one of `words` begins anywhere in `text`, whatever its case or width: "hospital" is in "At hospitals". */
export function isShielded(text: string, words: readonly string[]): boolean {
  const folded = seen(text);
  return words.some((word) => new RegExp(`(?<![\\p{L}\\p{N}])${escaped(seen(word))}`, "u").test(folded));
}

/** What a person typed, one word or phrase a line, as it is kept. */
export function shieldWords(typed: string): string[] {
  return [...new Set(typed.split("\n").map((line) => line.trim()).filter((line) => line !== ""))];
}

function seen(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replace(/\s+/g, "\\s+");
}
