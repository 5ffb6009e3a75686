/**
 * What a browser may lack, refuse or answer oddly: storage with cookies off, languages that `Intl` does not take,
 * a clipboard, notifications. All of it is asked here, and nothing here throws: the page goes on with what there is.
 */

/** What a call gives, or undefined where the browser does not do it. */
function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}

/** Whether it was done. */
async function done(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch {
    return false;
  }
}

/** Words by name; what the browser does not keep is kept for as long as the page stands. */
class Notes {
  readonly #kept: () => Storage;
  readonly #here = new Map<string, string>();

  constructor(kept: () => Storage) {
    this.#kept = kept;
  }

  get(name: string): string | null {
    return this.#here.get(name) ?? attempt(() => this.#kept().getItem(name)) ?? null;
  }

  set(name: string, value: string): void {
    try {
      this.#kept().setItem(name, value);
      this.#here.delete(name);
    } catch {
      this.#here.set(name, value);
    }
  }

  remove(name: string): void {
    this.#here.delete(name);
    attempt(() => this.#kept().removeItem(name));
  }

  clear(): void {
    this.#here.clear();
    attempt(() => this.#kept().clear());
  }
}

/** Of this browser, over visits. */
export const ofBrowser = new Notes(() => localStorage);
/** Of this tab, over reloads. */
export const ofTab = new Notes(() => sessionStorage);

/** The languages the person reads, as BCP 47 tags that `Intl` takes, the dearest first. "en_GB.UTF-8" is one, "C" is none. */
export function spokenTags(): readonly string[] {
  const named = attempt(() => [...navigator.languages]) ?? [];
  const tags = named.map((name) => name.replace(/[.@].*/, "").replaceAll("_", "-"));
  return tags.flatMap((tag) => attempt(() => Intl.getCanonicalLocales(tag)) ?? []);
}

/** The country of a tag, if it names one. */
export function regionOf(tag: string): string | undefined {
  return attempt(() => new Intl.Locale(tag).region);
}

/** The name of a country or a language, or its code where the browser has no names. */
export function nameOf(code: string, type: "region" | "language", tag: string): string {
  return attempt(() => new Intl.DisplayNames(tag, { type }).of(code)) ?? code;
}

/** "Fern, Moss and Wren", or with commas alone where the browser has no words for lists. */
export function listOf(names: readonly string[], tag: string): string {
  return attempt(() => new Intl.ListFormat(tag).format(names)) ?? names.join(", ");
}

/** The person's own time zone (IANA). */
export function ownZone(): string {
  const named = attempt(() => new Intl.DateTimeFormat().resolvedOptions().timeZone);
  return named !== undefined && isZone(named) ? named : "UTC";
}

/** Whether the browser knows a time zone. */
export function isZone(name: string): boolean {
  return attempt(() => new Intl.DateTimeFormat("en", { timeZone: name })) !== undefined;
}

/** Every time zone that the browser has a name for (IANA). */
export function knownZones(): readonly string[] {
  return attempt(() => Intl.supportedValuesOf("timeZone")) ?? [];
}

/** Whether this screen was come upon by going back or forward. */
export function cameBack(): boolean {
  const [entry] = attempt(() => performance.getEntriesByType("navigation")) ?? [];
  return entry !== undefined && "type" in entry && entry.type === "back_forward";
}

/** Whether there is a mouse, so most likely a keyboard. */
export function hasMouse(): boolean {
  return attempt(() => matchMedia("(hover: hover) and (pointer: fine)").matches) ?? false;
}

/** Whether a cookie as that of a login is kept (RFC 6265bis, section 4.1.3): not with cookies off, and in WebKit not over plain HTTP. */
export function keepsLogins(): boolean {
  const attributes = "Secure; Path=/; SameSite=Strict";
  const kept = attempt(() => {
    document.cookie = `__Host-safespace-try=1; ${attributes}`;
    return document.cookie.includes("__Host-safespace-try");
  });
  attempt(() => (document.cookie = `__Host-safespace-try=; Max-Age=0; ${attributes}`));
  return kept ?? false;
}

/** Asks that what is stored stays. */
export async function keepStored(): Promise<void> {
  await done(() => navigator.storage.persist());
}

/** Lets the page open without a connection. In a private window, nothing is lost but that. */
export async function openOffline(worker: () => string): Promise<void> {
  await done(() => navigator.serviceWorker.register(worker()));
}

/** Whether it is on the clipboard now. */
export function copy(text: string): Promise<boolean> {
  return done(() => navigator.clipboard.writeText(text));
}

/** The number on the app's icon; 0 for none. Only an installed app has one. */
export async function badge(count: number): Promise<void> {
  await done(() => (count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()));
}

/** Asks whether the system may show notifications. */
export async function mayNotify(): Promise<boolean> {
  const asked = await attempt(() => Notification.requestPermission())?.catch(() => "denied");
  return asked === "granted";
}

/** Some browsers on phones have none without a service worker; the page itself says it. */
export function notify(title: string, options: NotificationOptions): void {
  attempt(() => new Notification(title, options));
}
