import { scriptAddress } from "../crypto/trusted";
import { openOffline } from "../platform";

/** Keeps the built page on the device. */
export function startOffline(): void {
  if (import.meta.env.PROD) void openOffline(() => scriptAddress("/sw.js"));
}
