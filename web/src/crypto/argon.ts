/** Argon2id v1.3 (RFC 9106) with the client's constants, so that no server can weaken them. */
import { argon2id } from "hash-wasm";
import type { Bytes } from "./bytes.ts";

export interface ArgonInput {
  readonly passphrase: Bytes;
  /** 16 bytes. */
  readonly salt: Bytes;
}

/** 32 bytes. Takes 64 MiB and, on purpose, a while. */
export async function argon({ passphrase, salt }: ArgonInput): Promise<Bytes> {
  const constants = { iterations: 3, memorySize: 64 * 1024, parallelism: 1, hashLength: 32 };
  return new Uint8Array(await argon2id({ password: passphrase, salt, ...constants, outputType: "binary" }));
}
