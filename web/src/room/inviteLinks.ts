/** The text of an invite link: `<address of this place>/i/<invite>#<fragment>`, or from `<invite>` on, its code. */
import { AppError } from "./errors.ts";

const LINK = /^(?<origin>https?:\/\/[^/?#\s]+)\/i\/(?<code>.*)$/;
const CODE = /^(?<invite>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:#(?<fragment>.*))?$/;
/** 32 bytes as `b64encode` writes them: in the last letter, the bits that no byte needs are zero. */
const FRAGMENT = /^[\w-]{42}[AEIMQUYcgkosw048]$/;

export interface InviteLink {
  readonly invite: string;
  /** What no browser sends: see `crypto/invites.ts`. */
  readonly fragment: string;
}

/** A link to this place, or its code. Throws AppError as `readCode` does. */
export function readLink(text: string, here: string): InviteLink {
  const given = text.trim();
  const { origin, code } = LINK.exec(given)?.groups ?? {};
  if (origin !== undefined && originOf(origin) !== here) throw new AppError("not_a_link");
  return readCode(code ?? given);
}

/** Throws AppError `not_a_link`, or `link_broken` where a part is missing. */
export function readCode(code: string): InviteLink {
  const { invite, fragment = "" } = CODE.exec(code)?.groups ?? {};
  if (invite === undefined) throw new AppError("not_a_link");
  if (!FRAGMENT.test(fragment)) throw new AppError("link_broken");
  return { invite, fragment };
}

/** To be pasted where the place is known; the address bar, and so the browser's history, never sees it. */
export function codeOfLink({ invite, fragment }: InviteLink): string {
  return `${invite}#${fragment}`;
}

export function linkTo(link: InviteLink, here: string): string {
  return `${here}/i/${codeOfLink(link)}`;
}

function originOf(text: string): string | null {
  return URL.canParse(text) ? new URL(text).origin : null;
}
