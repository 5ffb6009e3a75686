/** How this browser shows things. Nothing here says who the person is. */
import { effect, signal } from "@preact/signals";
import { ofBrowser } from "../platform";

export type Theme = "system" | "light" | "dark";
export type ReadingSize = "usual" | "large" | "larger" | "largest";

export const THEMES: readonly Theme[] = ["system", "light", "dark"];
export const READING_SIZES: readonly ReadingSize[] = ["usual", "large", "larger", "largest"];

function kept<T extends string>(name: string, allowed: readonly T[], otherwise: T): T {
  const value = ofBrowser.get(name);
  return allowed.find((known) => known === value) ?? otherwise;
}

export const theme = signal<Theme>("system");
export const readingSize = signal<ReadingSize>("usual");
/** Whether `?` opens the list of keys (WCAG 2.1.4: a single key must be possible to turn off). */
export const keyHelp = signal<"on" | "off">("on");

/** Reads what was chosen before, shows it, and keeps every later change. */
export function startPreferences(): void {
  theme.value = kept("theme", THEMES, "system");
  readingSize.value = kept("size", READING_SIZES, "usual");
  keyHelp.value = kept("keys", ["on", "off"], "on");
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
    ofBrowser.set("theme", theme.value);
  });
  effect(() => {
    document.documentElement.dataset["size"] = readingSize.value;
    ofBrowser.set("size", readingSize.value);
  });
  effect(() => {
    ofBrowser.set("keys", keyHelp.value);
  });
}
