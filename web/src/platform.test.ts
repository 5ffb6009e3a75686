import { afterEach, expect, test, vi } from "vitest";
import {
  badge, copy, hasMouse, keepsLogins, keepStored, knownZones, listOf, mayNotify, nameOf, notify, ofBrowser, ofTab, openOffline, ownZone, regionOf, spokenTags,
} from "./platform.ts";

afterEach(() => vi.unstubAllGlobals());

/** A global that may not even be looked at, as storage is with cookies off. */
function forbid(name: "localStorage" | "sessionStorage" | "document" | "Notification" | "matchMedia"): void {
  vi.stubGlobal(name, undefined);
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get: () => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    },
  });
}

test("where nothing may be stored, what is kept lasts as long as the page", () => {
  for (const [notes, name] of [[ofBrowser, "localStorage"], [ofTab, "sessionStorage"]] as const) {
    forbid(name);
    expect(notes.get("theme")).toBeNull();
    notes.set("theme", "dark");
    expect(notes.get("theme")).toBe("dark");
    notes.remove("theme");
    expect(notes.get("theme")).toBeNull();
    notes.set("size", "large");
    notes.clear();
    expect(notes.get("size")).toBeNull();
  }
});

test("a store that is full, or there in part, loses nothing either", () => {
  const full = { getItem: () => "old", setItem: () => { throw new DOMException("", "QuotaExceededError"); }, removeItem: () => undefined };
  vi.stubGlobal("localStorage", full);
  ofBrowser.set("theme", "dark");
  expect(ofBrowser.get("theme")).toBe("dark");
  ofBrowser.remove("theme");
  vi.stubGlobal("localStorage", null);
  expect(ofBrowser.get("theme")).toBeNull();
  ofBrowser.clear();
});

test.each<[unknown, string[]]>([
  [["en-US@posix"], ["en-US"]],
  [["C"], []],
  [[""], []],
  [["en_US"], ["en-US"]],
  [["en_GB.UTF-8", "*", "de-DE"], ["en-GB", "de-DE"]],
  [["POSIX"], ["posix"]],
  [["x", "a-b-c", "fr"], ["fr"]],
  [undefined, []],
  [null, []],
])("of the languages %j those are taken that Intl takes", (languages, tags) => {
  vi.stubGlobal("navigator", { languages });
  expect(spokenTags()).toEqual(tags);
});

test("what Intl lacks is done without", () => {
  vi.stubGlobal("Intl", { ...Intl, Locale: undefined, DisplayNames: undefined, ListFormat: undefined, supportedValuesOf: undefined, DateTimeFormat: undefined });
  expect([regionOf("en-GB"), nameOf("GB", "region", "en"), listOf(["a", "b"], "en"), ownZone(), knownZones()]).toEqual([undefined, "GB", "a, b", "UTC", []]);
});

/** As in Chrome on Android. */
function illegal(): never {
  throw new TypeError("Illegal constructor");
}

test("a notification that the page may not make itself is made by the service worker", async () => {
  const shown: string[] = [];
  const showNotification = (title: string): Promise<void> => {
    shown.push(title);
    return Promise.resolve();
  };
  vi.stubGlobal("Notification", Object.assign(illegal, { requestPermission: () => Promise.resolve("granted") }));
  vi.stubGlobal("navigator", { serviceWorker: { getRegistration: () => Promise.resolve({ active: {}, showNotification }) } });
  expect([await mayNotify(), await notify("Appointment", {}), shown]).toEqual([true, true, ["Appointment"]]);
});

test.each<[string, unknown]>([
  ["no service worker", {}],
  ["none for this page", { serviceWorker: { getRegistration: () => Promise.resolve(undefined) } }],
  ["one that is not ready", { serviceWorker: { getRegistration: () => Promise.resolve({ active: null }) } }],
  ["one that may not", { serviceWorker: { getRegistration: () => Promise.resolve({ active: {}, showNotification: () => Promise.reject(new TypeError("no permission")) }) } }],
  ["one that is refused", { serviceWorker: { getRegistration: () => Promise.reject(new DOMException("", "SecurityError")) } }],
])("with %s it is said that none was shown", async (_, navigator) => {
  vi.stubGlobal("Notification", illegal);
  vi.stubGlobal("navigator", navigator);
  expect(await notify("Appointment", {})).toBe(false);
});

test("nothing that a browser refuses throws", async () => {
  for (const name of ["document", "Notification", "matchMedia"] as const) forbid(name);
  vi.stubGlobal("navigator", {});
  expect([keepsLogins(), hasMouse(), await copy("a link"), await mayNotify()]).toEqual([false, false, false, false]);
  await Promise.all([keepStored(), badge(3), badge(0), openOffline(() => "/sw.js")]);
});
