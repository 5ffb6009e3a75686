/**
 * The parts of the pages that are fetched only when they are needed. The page names each in a `link` of its own with its
 * integrity (`build/integrity.ts`): fetched as that link says, the browser takes nothing else for it
 * (docs/decisions/0006-one-script.md).
 */
export async function later<T>(part: string, load: () => Promise<T>): Promise<T> {
  const link = document.querySelector<HTMLLinkElement>(`link[rel="part"][href*="/${part}-"]`);
  if (link) await fetched(link);
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
