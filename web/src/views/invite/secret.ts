/** The secret half of an invite link: read once, out of the address bar at once, kept for this tab until it was used. */

import { ofTab } from "../../platform";

const keptAs = (invite: string): string => `invite ${invite}`;

/** The secret of an invite, from the address or from this tab's memory. Null when the link was not whole. */
export function takeSecret(invite: string): string | null {
  const fragment = location.hash.slice(1);
  if (fragment !== "") {
    history.replaceState(null, "", location.pathname);
    ofTab.set(keptAs(invite), fragment);
  }
  return ofTab.get(keptAs(invite));
}

/** Forgets the secret once the request to join carries what is needed of it. */
export function dropSecret(invite: string): void {
  ofTab.remove(keptAs(invite));
}
