import { t } from "../../i18n/text";
import { Page } from "./Page";

/** The shape of what is coming, with nothing that turns. */
export function Skeleton({ name, words }: { name: string; words?: string }) {
  return (
    <Page name={name}>
      <div class="skeleton" role="status">
        <p class={words ? "soft" : "unseen"}>{words ?? t("loading")}</p>
        <span class="bone tall" />
        <span class="bone" />
        <span class="bone short" />
        <span class="bone block" />
      </div>
    </Page>
  );
}
