/** Every word a person reads comes through `t`. */
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { computed, signal } from "@preact/signals";
import type { MessageId } from "./ids";
import { language, locale, type Language } from "./language";

export type Values = Record<string, string | number>;

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** English written from right to left, so that a layout can be tried without knowing such a language. */
function mirrored(text: string): string {
  return text.replace(/\S(?:.*\S)?/gu, (words) => `\u202e${words}\u202c`);
}

/** By language, words beyond the catalogue that every page has. */
const more = signal<Readonly<Record<string, string>>>({});

/** Words that come with a part of the pages. `words` are catalogues by the languages' ids. */
export function addWords(words: Readonly<Record<string, string>>): void {
  more.value = words;
}

function bundleOf(from: Language, added: string): FluentBundle {
  const bundle = new FluentBundle(locale.value, {
    useIsolating: from.direction === "rtl",
    ...(from.rehearsal ? { transform: mirrored } : {}),
  });
  bundle.addResource(new FluentResource(from.catalogue));
  bundle.addResource(new FluentResource(added));
  return bundle;
}

const bundle = computed(() => bundleOf(language.value, more.value[language.value.id] ?? ""));

/** A name written from right to left inside a left-to-right sentence is kept from turning its neighbours round. */
function isolated(value: string | number): string | number {
  return typeof value === "string" && RIGHT_TO_LEFT.test(value) ? `\u2068${value}\u2069` : value;
}

/** The words of a message in the person's language. A component that calls this is drawn again when the language changes. */
export function t(id: MessageId, values: Values = {}): string {
  const words = bundle.value.getMessage(id)?.value;
  if (!words) return id;
  const safe = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, isolated(value)]));
  const failures: Error[] = [];
  return bundle.value.formatPattern(words, safe, failures);
}
