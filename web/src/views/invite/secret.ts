/** The secret half of an invite link: read once, out of the address bar at once, kept for this tab until it was used. */
import { ofTab } from "../../platform";
import { codeOfLink, type InviteLink } from "../../room/inviteLinks";

const keptAs = (invite: string): string => `invite ${invite}`;

/** Keeps a link that was pasted. It goes through this tab's memory, never through the address bar. */
export function keepLink({ invite, fragment }: InviteLink): void {
  ofTab.set(keptAs(invite), fragment);
}

/** The code of an invite's link, from the address or from this tab's memory. */
export function takeCode(invite: string): string {
  const fragment = location.hash.slice(1);
  if (fragment !== "") {
    history.replaceState(null, "", location.pathname);
    keepLink({ invite, fragment });
  }
  return codeOfLink({ invite, fragment: ofTab.get(keptAs(invite)) ?? "" });
}

/** Forgets the secret once the request to join carries what is needed of it. */
export function dropSecret(invite: string): void {
  ofTab.remove(keptAs(invite));
}
