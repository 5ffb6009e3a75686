/** Scrolling a box of items, each of which has its id in `data-item`. */

/** Where to be once it is drawn: at an end, at the line above what is new, or with an item at this height. */
export type Aim = { readonly at: "start" | "end" | "new" } | { readonly at: "item"; readonly id: string; readonly top: number };

export function scrollTo(box: HTMLElement, aim: Aim): void {
  switch (aim.at) {
    case "start":
      box.scrollTop = 0;
      break;
    case "end":
      box.scrollTop = box.scrollHeight;
      break;
    case "new":
      centre(box, "[data-new]");
      break;
    case "item": {
      const item = box.querySelector(`[data-item="${CSS.escape(aim.id)}"]`);
      const moved = item ? item.getBoundingClientRect().top - aim.top : 0;
      // Setting it, even to what it is, would stop a scroll that is under way.
      if (Math.abs(moved) >= 1) box.scrollTop += moved;
    }
  }
}

/** Moves the box alone: `scrollIntoView` would move what is around it too, also where nobody can move it back. */
function centre(box: HTMLElement, selector: string): void {
  const item = box.querySelector(selector)?.getBoundingClientRect();
  if (!item) return;
  const { top, height } = box.getBoundingClientRect();
  box.scrollTop += item.top + item.height / 2 - (top + height / 2);
}

/** The first item in sight, where it is. */
export function aimAtTop(box: HTMLElement): Aim {
  const { top } = box.getBoundingClientRect();
  for (const item of box.querySelectorAll<HTMLElement>("[data-item]")) {
    const place = item.getBoundingClientRect();
    if (place.bottom > top) return { at: "item", id: item.dataset["item"] ?? "", top: place.top };
  }
  return { at: "end" };
}

export function isNear(box: HTMLElement, edge: "start" | "end", pixels: number): boolean {
  return (edge === "start" ? box.scrollTop : box.scrollHeight - box.scrollTop - box.clientHeight) < pixels;
}
