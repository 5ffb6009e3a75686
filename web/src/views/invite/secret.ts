/** The secret half of an invite link: it stays in the address until it was used, so that another browser can be given it. */
import { ofTab } from "../../platform";
import { codeOfLink, type InviteLink, readLink } from "../../room/inviteLinks";

const keptAs = (invite: string): string => `invite ${invite}`;
/** Fragments by invite. Browsers write what a tab stores, and the addresses it had, to their disk. */
const pasted = new Map<string, string>();

/** Keeps a link that was pasted, in this page's memory alone: it is in no address, and stored nowhere. */
export function keepLink({ invite, fragment }: InviteLink): void {
  pasted.set(invite, fragment);
}

/** The code of an invite's link, from the address, from what was pasted, or from what this tab opened before. */
export function takeCode(invite: string): string {
  const opened = inAddress();
  if (opened?.invite === invite) {
    // Without what stood around it, and with nothing of it in the part that is sent.
    history.replaceState(null, "", `/i/${codeOfLink(opened)}`);
    ofTab.set(keptAs(invite), opened.fragment);
  }
  const fragment = pasted.get(invite) ?? ofTab.get(keptAs(invite)) ?? location.hash.slice(1);
  return codeOfLink({ invite, fragment });
}

/** Forgets the secret once the request to join carries what is needed of it. */
export function dropSecret(invite: string): void {
  pasted.delete(invite);
  ofTab.remove(keptAs(invite));
  if (inAddress()?.invite === invite) history.replaceState(null, "", `/i/${invite}`);
}

function inAddress(): InviteLink | null {
  try {
    return readLink(location.href, location.origin);
  } catch {
    return null;
  }
}
