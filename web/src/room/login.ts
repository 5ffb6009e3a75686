/** Who is logged in on this device, and how it logs in again. */
import { b64encode, randomBytes, type Bytes } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { isHandle, normalOrigin, stretch } from "../crypto/login.ts";
import type { Api } from "../net/api.ts";
import { AppError } from "./errors.ts";
import type { Account } from "./types.ts";

export const ACCOUNT_KEY = "account";

export interface AccountRecord {
  readonly id: string;
  readonly handle: string;
  readonly device: string;
  /** Only for an account that was made for this device: it logs in with this by itself. */
  readonly loginKey: Bytes | null;
  /** Logged out by the server; what the device keeps waits for the same person. */
  readonly out: boolean;
}

const HOW = ["calm", "quiet", "gentle", "warm", "soft", "kind", "bright", "slow", "early", "amber", "mossy", "still", "round", "mild", "small", "fair"];
const WHO = ["otter", "heron", "wren", "fox", "hare", "moth", "finch", "seal", "robin", "badger", "swift", "newt", "lark", "deer", "mole", "dove"];

function madeUpHandle(): string {
  const [how = 0, who = 0, ...rest] = randomBytes(5);
  const tail = rest.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${HOW[how % HOW.length] ?? ""}-${WHO[who % WHO.length] ?? ""}-${tail}`;
}

export function accountView({ id, handle, loginKey }: AccountRecord): Account {
  return { id, handle, deviceOnly: loginKey !== null };
}

interface LoginAnswer {
  readonly account: string;
  readonly device: string;
}

export async function register(api: Api, origin: string, handle: string, passphrase: string): Promise<AccountRecord> {
  const loginKey = await stretched(origin, handle, passphrase);
  return { ...(await open(api, "/accounts", handle, loginKey)), loginKey: null };
}

export async function registerDeviceOnly(api: Api): Promise<AccountRecord> {
  const handle = madeUpHandle();
  const loginKey = randomBytes(32);
  return { ...(await open(api, "/accounts", handle, loginKey)), loginKey };
}

/** `device` is this device's id from before, if it has one. */
export async function login(
  api: Api,
  origin: string,
  handle: string,
  passphrase: string,
  device: string | null,
): Promise<AccountRecord> {
  const loginKey = await stretched(origin, handle, passphrase);
  return { ...(await open(api, "/login", handle, loginKey, device)), loginKey: null };
}

/** Logs in again without the person, where that is possible. Gives null where it is not. */
export async function loginAgain(api: Api, account: AccountRecord): Promise<AccountRecord | null> {
  const { handle, loginKey, device } = account;
  return loginKey && { ...(await open(api, "/login", handle, loginKey, device)), loginKey };
}

async function stretched(origin: string, handle: string, passphrase: string): Promise<Bytes> {
  if (!isHandle(handle)) throw new AppError("handle_invalid");
  try {
    return (await stretch(normalOrigin(origin), handle, passphrase)).loginKey;
  } catch (error) {
    throw error instanceof CryptoError ? new AppError("low_memory", { cause: error }) : error;
  }
}

async function open(
  api: Api,
  path: string,
  handle: string,
  loginKey: Bytes,
  device: string | null = null,
): Promise<Omit<AccountRecord, "loginKey">> {
  const asked = { handle, login_key: b64encode(loginKey), as: "cookie", ...(device !== null && { device }) };
  const answer = await api.post<LoginAnswer>(path, asked);
  return { id: answer.account, handle, device: answer.device, out: false };
}
