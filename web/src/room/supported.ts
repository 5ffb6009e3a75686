import { newPair } from "../crypto/ed25519.ts";

/** Whether the browser has what keeps a conversation private. Each may be missing, and asking for it may be refused. */
export async function isSupported(): Promise<boolean> {
  // WebKit was seen to refuse, once, what it has.
  return (await works()) || works();
}

async function works(): Promise<boolean> {
  try {
    if (!(navigator as Partial<Navigator>).locks) return false;
    await newPair();
    await crypto.subtle.generateKey("X25519", false, ["deriveBits"]);
    return true;
  } catch {
    return false;
  }
}
