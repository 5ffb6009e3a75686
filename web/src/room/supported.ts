/** Whether the browser has what keeps a conversation private. */
export async function isSupported(): Promise<boolean> {
  // Older types do not know that these can be missing.
  const { subtle } = globalThis.crypto as Partial<Crypto>;
  if (!subtle || !("indexedDB" in globalThis) || !("locks" in navigator)) return false;
  try {
    await subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    await subtle.generateKey("X25519", false, ["deriveBits"]);
    return true;
  } catch {
    return false;
  }
}
