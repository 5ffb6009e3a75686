/**
 * The text of an invite link: `<address of this place>/i/<invite>#<fragment>`, or from `<invite>` on, its code. People
 * paste what they have: with words around it, folded by a mail, wrapped by a filter that watches over links, twice.
 * `safespace.sdk.invite_links` reads alike.
 */
import { AppError } from "./errors.ts";

export interface InviteLink {
  readonly invite: string;
  /** What no browser sends: see `crypto/invites.ts`. */
  readonly fragment: string;
}

/** What mails put into a long line: breaks, marks of a quoted answer, and signs that are not seen. */
const GAP = String.raw`[\s>=\u00ad\u200b-\u200f\u2060\ufeff]`;
/** So many breaks are within a fragment at most; more are the words that follow one that was cut off. */
const MOST_GAPS = 4;
/** So often is a link escaped at most. */
const MOST_WRAPS = 4;
/** Characters of a text that are looked at. */
const LONGEST = 20_000;
const LONGEST_ADDRESS = 300;
const GAPS = new RegExp(`${GAP}+`, "g");
const INVITE = new RegExp(
  `(?<![0-9a-z-])${hex(8)}${[4, 4, 4, 12].map((length) => `-${GAP}*${hex(length)}`).join("")}`, "gi",
);
/** 32 bytes as `b64encode` writes them, after which no such letter stands, but perhaps the next link. */
const FRAGMENT = new RegExp(
  String.raw`^/?(?:\?[^#\s]*)?[#*]${GAP}*(?<fragment>(?:[\w-]${GAP}*){42}[AEIMQUYcgkosw048])` +
    "(?:(?=https?:|[0-9a-f]{8}-)|(?![\\w-]*[A-Za-z0-9]))",
);
/** The place of who knows none. */
const NOWHERE = /(?!)/;
/** Where a code can begin. */
const OPEN = /(?:^|[\s([{<>"'`«“‘„:,;|*])$/;

function hex(length: number): string {
  return `(?:[0-9a-f]${GAP}*){${length}}`;
}

/** The first good link to the place `here` in a text, or its code. Throws AppError as `readCode` does. */
export function readLink(text: string, here: string): InviteLink {
  return firstIn(text, address(here));
}

/** Throws AppError `not_a_link`, or `link_broken` where a part is missing. */
export function readCode(code: string): InviteLink {
  return firstIn(code, NOWHERE);
}

function firstIn(text: string, here: RegExp): InviteLink {
  let ours = false;
  for (const reading of readings(text.slice(0, LONGEST))) {
    for (const found of reading.matchAll(INVITE)) {
      const before = reading.slice(0, found.index);
      if (!OPEN.test(before) && !here.test(before) && !here.test(joined(before.slice(-LONGEST_ADDRESS)))) continue;
      ours = true;
      const { fragment } = FRAGMENT.exec(reading.slice(found.index + found[0].length))?.groups ?? {};
      if (fragment === undefined || (fragment.match(GAPS)?.length ?? 0) > MOST_GAPS) continue;
      return { invite: joined(found[0]).toLowerCase(), fragment: joined(fragment) };
    }
  }
  throw new AppError(ours ? "link_broken" : "not_a_link");
}

/** To be pasted where the place is known; the address bar, and so the browser's history, never sees it. */
export function codeOfLink({ invite, fragment }: InviteLink): string {
  return `${invite}#${fragment}`;
}

export function linkTo(link: InviteLink, here: string): string {
  return `${here}/i/${codeOfLink(link)}`;
}

/** What ends with this place's address, as far as an invite's id: with any scheme, or none. */
function address(here: string): RegExp {
  const { hostname, port } = new URL(here);
  const host = hostname.replace(/[.[\]]/g, "\\$&");
  return new RegExp(`(?:^|[^a-z0-9.@-])${host}${port === "" ? "(?::(?:80|443))?" : `:${port}`}/i/$`, "i");
}

function joined(text: string): string {
  return text.replace(GAPS, "");
}

/** The text, and what it may have been before a mail program or a filter for links wrote it otherwise. */
function* readings(text: string): Generator<string> {
  let reading = text.replace(/&(?:num|#35|#x23);/gi, "#").replace(/&amp;/gi, "&");
  for (let wraps = 0; wraps < MOST_WRAPS; wraps += 1) {
    yield reading;
    reading = unescaped(reading);
  }
  // Proofpoint, second version: "-" for "%", and "_" for "/".
  for (const [, address = ""] of reading.matchAll(/\/v2\/url\?u=([^&\s]+)/g)) {
    yield unescaped(address.replaceAll("_", "/").replace(/-(?=[0-9A-F]{2})/g, "%"));
  }
  // Sophos and others: the address in base64.
  for (const [sealed] of reading.matchAll(/aHR0c[\w+/-]{20,}/g)) yield plain(sealed);
}

function unescaped(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

function plain(base64: string): string {
  try {
    return atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return "";
  }
}
