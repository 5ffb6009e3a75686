/** What a member finds in what was sealed to them alone, checked where the library does not look. */
import type { ClientState } from "ts-mls";
import { decryptWithLabel } from "ts-mls/crypto/hpke.js";
import { decodeGroupSecrets, encodeGroupSecrets } from "ts-mls/groupSecrets.js";
import { getHpkePublicKey, type RatchetTree } from "ts-mls/ratchetTree.js";
import type { Welcome } from "ts-mls/welcome.js";
import { b64decode, equalBytes } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { suite } from "./suite.ts";

/**
 * Throws CryptoError unless the public keys in the tree are those of the private keys that came with a change, which the
 * library does not look at. What was so `before` is passed over; of a joiner, nothing was.
 */
export async function checkKeys({ privatePath, ratchetTree }: ClientState, before?: RatchetTree): Promise<void> {
  for (const [at, privateKey] of Object.entries(privatePath.privateKeys)) {
    const node = ratchetTree[Number(at)];
    if (before && (!node || node === before[Number(at)])) continue;
    if (!node) throw new CryptoError("a key for no node");
    const pair = (await suite.hpke.importPrivateKey(privateKey)) as unknown as CryptoKey;
    const { x } = await crypto.subtle.exportKey("jwk", pair);
    if (!equalBytes(b64decode(x ?? ""), getHpkePublicKey(node))) throw new CryptoError("a key of the path");
  }
}

/** Throws CryptoError unless the secrets of a Welcome (for one KeyPackage) are written as they would be written again. */
export async function checkSecrets({ secrets, encryptedGroupInfo }: Welcome, initKey: Uint8Array): Promise<void> {
  const [entry] = secrets;
  if (!entry) throw new CryptoError("no secrets");
  const { kemOutput, ciphertext } = entry.encryptedGroupSecrets;
  const key = await suite.hpke.importPrivateKey(initKey);
  const opened = await decryptWithLabel(key, "Welcome", encryptedGroupInfo, kemOutput, ciphertext, suite.hpke);
  const decoded = decodeGroupSecrets(opened, 0);
  if (!decoded || !equalBytes(encodeGroupSecrets(decoded[0]), opened)) throw new CryptoError("group secrets");
}
