/** Which screen is shown: the address bar, and nothing else, says so. */
import { signal } from "@preact/signals";

export type Route =
  | { readonly at: "home" | "account" | "login" | "new" | "settings" | "about" | "help" | "nowhere" }
  | { readonly at: "invite"; readonly invite: string }
  | { readonly at: "group"; readonly group: string }
  | { readonly at: "further"; readonly group: string; readonly room: string };

const PLAIN: Readonly<Record<string, Route>> = {
  "/": { at: "home" },
  "/account": { at: "account" },
  "/login": { at: "login" },
  "/new": { at: "new" },
  "/settings": { at: "settings" },
  "/about": { at: "about" },
  "/help": { at: "help" },
};

/** What a mail program added to an invite's address is no part of it. */
const INVITED = /^\/i\/(?<invite>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/?$|[^\w/-])/i;

/** The screen that a path names. */
export function parse(path: string): Route {
  const plain = PLAIN[path];
  if (plain) return plain;
  const { invite } = INVITED.exec(path)?.groups ?? {};
  if (invite !== undefined) return { at: "invite", invite: invite.toLowerCase() };
  const [, kind, id, room, ...rest] = path.split("/");
  if (kind === "g" && id && room && rest.length === 0) return { at: "further", group: id, room };
  if (id && room === undefined) {
    if (kind === "i") return { at: "invite", invite: id };
    if (kind === "g") return { at: "group", group: id };
  }
  return { at: "nowhere" };
}

const current = signal<Route>(parse(location.pathname));
const moves = signal(0);

export const route = current;
/** How often the screen changed since the page was loaded. */
export const moved = moves;

function arrive(): void {
  current.value = parse(location.pathname);
  moves.value += 1;
}

/** Goes to another screen. `replace` leaves no way back to this one. */
export function navigate(path: string, how: "push" | "replace" = "push"): void {
  if (how === "push") history.pushState(null, "", path);
  else history.replaceState(null, "", path);
  arrive();
}

/** The screen to return to after logging in, when the address names one of ours. */
export function onward(): string {
  const next = new URLSearchParams(location.search).get("next") ?? "/";
  return parse(next).at === "nowhere" ? "/" : next;
}

/** Follows the back button and turns clicks on our own links into changes of screen. */
export function startRouter(): void {
  addEventListener("popstate", arrive);
  addEventListener("hashchange", arrive);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || link.target !== "" || link.origin !== location.origin || link.hasAttribute("download")) return;
    event.preventDefault();
    // A place on this screen: another address would draw the screen anew.
    if (link.hash !== "" && link.pathname === location.pathname) {
      document.getElementById(link.hash.slice(1))?.focus();
      return;
    }
    navigate(link.pathname + link.search + link.hash);
  });
}
