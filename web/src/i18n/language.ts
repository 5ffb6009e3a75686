/** The catalogues there are, and which one this person reads. */
import { computed, signal } from "@preact/signals";
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
  if (asked !== null) sessionStorage.setItem(KEPT, asked);
  const kept = sessionStorage.getItem(KEPT) ?? localStorage.getItem(KEPT);
  const named = LANGUAGES.find((language) => language.id === kept);
  if (named) return named;
  const spoken = navigator.languages.map((tag) => tag.split("-")[0]);
  const known = LANGUAGES.filter((language) => !language.rehearsal);
  return known.find((language) => spoken.includes(language.id)) ?? LANGUAGES[0];
}

const current = signal<Language>(LANGUAGES[0]);

export const language = computed(() => current.value);

/** Reads what the person chose before, or what the browser asks for. */
export function startLanguage(): void {
  show(chosen());
}

/** Switches the page to a language and remembers it on this browser. */
export function chooseLanguage(id: string): void {
  const next = LANGUAGES.find((known) => known.id === id);
  if (!next) return;
  localStorage.setItem(KEPT, id);
  sessionStorage.removeItem(KEPT);
  show(next);
}

function show(next: Language): void {
  current.value = next;
  document.documentElement.lang = next.tag;
  document.documentElement.dir = next.direction;
}
