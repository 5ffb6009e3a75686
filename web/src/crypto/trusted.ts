/** The page's one Trusted Types policy: which addresses may become workers. */

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };

function ours(url: string): string {
  if (new URL(url, location.href).origin !== location.origin) throw new TypeError("Not a worker of this page.");
  return url;
}

// Browsers without Trusted Types take the plain address.
const policy = trustedTypes?.createPolicy("safespace-worker", { createScriptURL: ours });

/** `url` as the Worker constructor and `serviceWorker.register` take it. Throws TypeError for another origin's. */
export function workerAddress(url: string): string {
  return policy ? policy.createScriptURL(url) : ours(url);
}
