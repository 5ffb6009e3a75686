/** The catalogues there are, and which one this person reads. */
import { computed, signal } from "@preact/signals";
import { ofBrowser, ofTab, regionOf, spokenTags } from "../platform";
import english from "./en.ftl?raw";

export interface Language {
  /** What `?lang=` and the settings call it. */
  readonly id: string;
  /** BCP 47, for the page and for `Intl`. */
  readonly tag: string;
  readonly direction: "ltr" | "rtl";
  /** Its own name for itself. */
  readonly name: string;
  readonly catalogue: string;
  /** A rehearsal language: shown only when asked for by name. */
  readonly rehearsal: boolean;
}

export const LANGUAGES: readonly [Language, ...Language[]] = [
  { id: "en", tag: "en", direction: "ltr", name: "English", catalogue: english, rehearsal: false },
  { id: "qps-plocm", tag: "en", direction: "rtl", name: "Mirrored English", catalogue: english, rehearsal: true },
];

const KEPT = "language";

function chosen(): Language {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked !== null) ofTab.set(KEPT, asked);
  const kept = ofTab.get(KEPT) ?? ofBrowser.get(KEPT);
  const named = LANGUAGES.find((language) => language.id === kept);
  if (named) return named;
  const spoken = spokenTags().map(languageOf);
  const known = LANGUAGES.filter((language) => !language.rehearsal);
  return known.find((language) => spoken.includes(language.id)) ?? LANGUAGES[0];
}

const current = signal<Language>(LANGUAGES[0]);

export const language = computed(() => current.value);

/**
 * How dates, times and numbers are written, as a BCP 47 tag: in the language of the page, as they are written where the
 * person lives. The pages have one English; its readers have many calendars.
 */
export const locale = computed(() => {
  const { tag } = current.value;
  const spoken = spokenTags();
  const own = spoken.filter((one) => languageOf(one) === tag);
  const region = spoken.map(regionOf).find((one) => one !== undefined);
  const placed = own.find((one) => regionOf(one) !== undefined);
  return placed ?? (region === undefined ? (own[0] ?? tag) : `${tag}-${region}`);
});

function languageOf(tag: string): string | undefined {
  return tag.split("-")[0];
}

/** Reads what the person chose before, or what the browser asks for. */
export function startLanguage(): void {
  show(chosen());
}

/** Switches the page to a language and remembers it on this browser. */
export function chooseLanguage(id: string): void {
  const next = LANGUAGES.find((known) => known.id === id);
  if (!next) return;
  ofBrowser.set(KEPT, id);
  ofTab.remove(KEPT);
  show(next);
}

function show(next: Language): void {
  current.value = next;
  document.documentElement.lang = next.tag;
  document.documentElement.dir = next.direction;
}
