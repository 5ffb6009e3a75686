/**
 * The parts of the pages that are fetched only when they are needed. The page names each in a `link` of its own with its
 * integrity (`build/integrity.ts`): fetched as that link says, the browser takes nothing else for it
 * (docs/decisions/0006-one-script.md).
 */
export async function later<T>(load: () => Promise<T>): Promise<T> {
  await Promise.all(Array.from(document.querySelectorAll<HTMLLinkElement>('link[rel="part"]'), fetched));
  return load();
}

function fetched(link: HTMLLinkElement): Promise<void> {
  const again = link.cloneNode() as HTMLLinkElement;
  return new Promise((resolve, reject) => {
    again.onload = () => {
      link.remove();
      resolve();
    };
    again.onerror = () => {
      again.remove();
      reject(new Error(`${link.href} was not fetched`));
    };
    again.rel = "modulepreload";
    link.after(again);
  });
}
