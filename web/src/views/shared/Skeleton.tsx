import { t } from "../../i18n/text";
import { Page } from "./Page";

/** The shape of what is coming, with nothing that turns. */
export function Skeleton({ name, words }: { name: string; words?: string }) {
  return (
    <Page name={name} passing={words === undefined}>
      <div class="skeleton" role="status">
        <h1 tabIndex={-1} class={words ? undefined : "unseen"}>{words ?? t("loading")}</h1>
        <span class="bone tall" />
        <span class="bone" />
        <span class="bone short" />
        <span class="bone block" />
      </div>
    </Page>
  );
}
