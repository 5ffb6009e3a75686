/** Names that people could take for one another. */

/**
 * Whether one of `others` differs from `pseudonym` in no more than case, width or spaces. Asked by who admits, before
 * they do. It depends on the Unicode of the device, so the fold compares names exactly.
 */
export function taken(pseudonym: string, others: readonly string[]): boolean {
  return others.some((other) => seen(other) === seen(pseudonym));
}

function seen(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/[\s\p{Default_Ignorable_Code_Point}]/gu, "");
}
