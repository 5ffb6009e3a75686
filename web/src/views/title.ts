/** The browser's title and the app's badge. */
import { effect, signal } from "@preact/signals";
import { t } from "../i18n/text";
import { badge } from "../platform";
import type { App } from "../room/types";

/** What the screen calls itself. */
export const pageName = signal("");

/** Shows how many messages are unread, without a word of what they are about. */
export function startTitle(app: App): void {
  let shown = 0;
  effect(() => {
    const unread = app.groups.value.reduce((sum, group) => sum + group.unread, 0);
    const name = pageName.value === "" ? t("product") : t("title", { page: pageName.value });
    document.title = unread > 0 ? t("title-unread", { count: unread, page: name }) : name;
    if (unread === shown) return;
    shown = unread;
    void badge(unread);
  });
}
