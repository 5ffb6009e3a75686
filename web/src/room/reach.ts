/** Whom something can be sealed to: one member's bad key must not keep everyone else from acting. As `sdk.reach`. */
import { publicKey } from "../crypto/x25519.ts";
import { FormError } from "../form.ts";
import type { Ledger } from "./ledger.ts";

/**
 * Those of these members who have a usable policy key, in their order; the others are named in a warning, which the next
 * `save` keeps. Nothing that the group folds gives anybody such a key. Were one there all the same, what is done goes
 * through.
 */
export function reachable(ledger: Ledger, members: readonly string[]): string[] {
  const { state } = ledger;
  const found = members.filter((id) => isUsable(state.members[id]?.key));
  const missed = members.flatMap((id) => (found.includes(id) ? [] : (state.members[id]?.pseudonym ?? [])));
  if (missed.length > 0) ledger.warn("unreached", ledger.now(), missed);
  return found;
}

function isUsable(key: string | undefined): boolean {
  try {
    publicKey(key);
    return true;
  } catch (error) {
    if (error instanceof FormError) return false;
    throw error;
  }
}
