/** What was done in a group, saved as a file that only a passphrase opens. */
import { CryptoError } from "../crypto/errors.ts";
import { lock, unlock } from "../crypto/locked.ts";
import { anyText, exact, FormError, list, nullable, oneOf, whole, yesOrNo } from "../form.ts";
import { days, floorMode, line, muteLength, POLICY_ACTIONS, role, turnSeconds } from "../net/wire.ts";
import { AppError } from "./errors.ts";
import type { Deed } from "./types.ts";

const who = exact({ id: anyText, pseudonym: anyText });
const deeds = list(
  exact({
    seq: whole(0),
    time: whole(0),
    what: oneOf(...POLICY_ACTIONS),
    by: who,
    whom: nullable(who),
    reasoned: yesOrNo,
    reason: nullable(anyText),
    role: nullable(role),
    length: nullable(muteLength),
    on: nullable(yesOrNo),
    line: nullable(line),
    days: nullable(days),
    ban: nullable(yesOrNo),
    seconds: nullable(turnSeconds),
    mode: nullable(floorMode),
    absent: nullable(yesOrNo),
  }),
);

/** Throws FormError or SyntaxError. */
export function readDeeds(content: string): readonly Deed[] {
  return deeds(JSON.parse(content));
}

/** The file's content. Throws AppError `low_memory`. */
export async function sealDeeds(done: readonly Deed[], passphrase: string): Promise<string> {
  try {
    return await lock(JSON.stringify(done), passphrase);
  } catch (error) {
    throw error instanceof CryptoError ? new AppError("low_memory", { cause: error }) : error;
  }
}

/** Throws AppError `not_opened` for another passphrase or another file. */
export async function openDeeds(file: string, passphrase: string): Promise<readonly Deed[]> {
  try {
    return readDeeds(await unlock(file, passphrase));
  } catch (error) {
    const other = error instanceof CryptoError || error instanceof FormError || error instanceof SyntaxError;
    throw other ? new AppError("not_opened", { cause: error }) : error;
  }
}
