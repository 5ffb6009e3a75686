/** Offers that somebody put off: they stand in the menu alone, until the page is opened anew. */
import { signal } from "@preact/signals";

const put = signal<ReadonlySet<string>>(new Set());

export function isPutOff(key: string): boolean {
  return put.value.has(key);
}

export function putOff(key: string): void {
  put.value = new Set([...put.value, key]);
}
