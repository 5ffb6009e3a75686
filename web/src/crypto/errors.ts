/** Something did not open, verify or decode. The only error that `crypto/` throws; it never says which secret was involved. */
export class CryptoError extends Error {
  override readonly name = "CryptoError";
}
