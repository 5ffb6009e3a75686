/** What rooms and requests to join share on this device. */
import type { Vault } from "../crypto/vault.ts";
import type { Api } from "../net/api.ts";
import type { Socket } from "../net/socket.ts";

export interface Home {
  readonly api: Api;
  readonly socket: Socket;
  /** Throws AppError `storage_refused` while it is not open. */
  readonly vault: Vault;
  /** Resolves once it is on disk; null removes. Throws AppError `blocked` or `storage_refused`. */
  keep(values: Record<string, unknown>): Promise<void>;
  /** Something that the screens show has changed. */
  refresh(): void;
  /** The vault did not keep what it was given. */
  failed(error: unknown): void;
}
