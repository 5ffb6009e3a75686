/**
 * The one error the screens meet. `code` is one of the server's codes (docs/errors.md) or one of the client's own:
 *
 * - `offline`: the server could not be reached; what was asked for was not done
 * - `blocked`: another tab holds the keys
 * - `storage_refused`: this device does not keep what must be kept
 * - `not_a_link`: this is not an invite link of this place
 * - `link_broken`: a part of the invite link is missing
 * - `wrong_card`: the server shows another invitation than the one that the link is for
 * - `not_genuine`: the request does not fit the invite it speaks of
 * - `low_memory`: the passphrase could not be stretched on this device now
 * - `halted`: a warning stands; nothing is sent
 * - `refused_by_server`: the server says that one may not write, and the group has not said so as far as this device knows
 * - `not_opened`: a saved file is another one, or its passphrase is
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: string;
  /** Seconds to wait before trying again, where the server said so. */
  readonly retryAfter: number | null;

  constructor(code: string, options: { retryAfter?: number | null; cause?: unknown } = {}) {
    super(code, { cause: options.cause });
    this.code = code;
    this.retryAfter = options.retryAfter ?? null;
  }
}

/** The code of whatever was thrown. */
export function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : "internal";
}

/** Whether asking again may help: nobody answered, or the server says when to. */
export function passes(error: unknown): boolean {
  return error instanceof AppError && (error.code === "offline" || error.retryAfter !== null);
}
