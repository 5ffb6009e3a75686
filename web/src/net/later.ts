import { scriptAddress } from "../crypto/trusted.ts";

/**
 * The parts of the pages that are fetched only when they are needed. The page names each in a `link` of its own with its
 * integrity (`build/integrity.ts`): fetched as a script with that integrity, the browser takes nothing else for it, and
 * an import of what is there already fetches nothing more (docs/decisions/0030-scripts-in-every-engine.md).
 */
export async function later<T>(part: string, load: () => Promise<T>): Promise<T> {
  const link = document.querySelector<HTMLLinkElement>(`link[rel="part"][href*="/${part}-"]`);
  if (link) await fetched(link);
  return load();
}

function fetched(link: HTMLLinkElement): Promise<void> {
  const script = document.createElement("script");
  return new Promise((resolve, reject) => {
    script.onload = () => {
      link.remove();
      resolve();
    };
    script.onerror = () => {
      script.remove();
      reject(new Error(`${link.href} was not fetched`));
    };
    script.type = "module";
    script.crossOrigin = link.crossOrigin;
    script.integrity = link.integrity;
    script.src = scriptAddress(link.href);
    link.after(script);
  });
}
