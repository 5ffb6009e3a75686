/** The secret half of an invite link: read once, out of the address bar at once, kept for this tab until it was used. */
import { ofTab } from "../../platform";
import { codeOfLink, type InviteLink } from "../../room/inviteLinks";

const keptAs = (invite: string): string => `invite ${invite}`;
/** Fragments by invite. Browsers write what a tab stores, and the addresses it had, to their disk. */
const pasted = new Map<string, string>();

/** Keeps a link that was pasted, in this page's memory alone: it is in no address, and stored nowhere. */
export function keepLink({ invite, fragment }: InviteLink): void {
  pasted.set(invite, fragment);
}

/** The code of an invite's link, from the address, from what was pasted, or from what this tab opened before. */
export function takeCode(invite: string): string {
  const fragment = location.hash.slice(1);
  if (fragment !== "") {
    history.replaceState(null, "", location.pathname);
    ofTab.set(keptAs(invite), fragment);
  }
  return codeOfLink({ invite, fragment: pasted.get(invite) ?? ofTab.get(keptAs(invite)) ?? "" });
}

/** Forgets the secret once the request to join carries what is needed of it. */
export function dropSecret(invite: string): void {
  pasted.delete(invite);
  ofTab.remove(keptAs(invite));
}
