/**
 * A member's word, signed with the leaf key that they have in main, that a leaf in a further room is theirs. See
 * docs/protocol.md, "Further rooms"; `safespace.crypto.endorsements` does alike.
 */
import { type Bytes, concat, lp } from "./bytes.ts";
import { verifies } from "./ed25519.ts";
import { CryptoError } from "./errors.ts";

/** What the leaf key in main signs for a leaf with this identity and signature key. */
export function endorsementBytes(group: Uint8Array, identity: Uint8Array, signatureKey: Uint8Array): Bytes {
  return concat(lp("safespace leaf 1"), lp(group), lp(identity), lp(signatureKey));
}

/** Throws CryptoError unless the holder of `mainKey` said that this leaf is theirs, in this group. */
export async function verifyEndorsement(
  endorsement: Uint8Array,
  mainKey: Uint8Array,
  group: Uint8Array,
  leaf: { readonly identity: Uint8Array; readonly signatureKey: Uint8Array },
): Promise<void> {
  const said = endorsementBytes(group, leaf.identity, leaf.signatureKey);
  if (!(await verifies(mainKey, said, endorsement))) throw new CryptoError("not endorsed");
}
