import { workerAddress } from "../crypto/trusted";

/** Lets the page open without a connection. Where the browser refuses (private mode), nothing is lost but that. */
export function startOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  void navigator.serviceWorker.register(workerAddress("/sw.js")).catch(() => undefined);
}
