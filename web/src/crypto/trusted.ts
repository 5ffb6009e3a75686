/** The page's one Trusted Types policy: which addresses may become scripts and workers. */

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };

function ours(url: string): string {
  if (new URL(url, location.href).origin !== location.origin) throw new TypeError("Not a script of this page.");
  return url;
}

// Browsers without Trusted Types take the plain address.
const policy = trustedTypes?.createPolicy("safespace-scripts", { createScriptURL: ours });

/** `url` as a script's `src`, the Worker constructor and `serviceWorker.register` take it. Throws TypeError for another origin's. */
export function scriptAddress(url: string): string {
  return policy ? policy.createScriptURL(url) : ours(url);
}
