import { t } from "../../i18n/text";
import type { LiveView } from "../../room/liveView";

/** The run-sheet, with the part that the room is at. */
export function Parts({ live: { sheet } }: { live: LiveView }) {
  return (
    <ol class="parts">
      {sheet.segments.map(({ title, minutes }, at) => (
        <li key={at} aria-current={at === sheet.at ? "step" : undefined} data-past={sheet.at !== null && at < sheet.at ? "" : undefined}>
          <span class="parts-title" dir="auto">
            {title}
            {at === sheet.at && <span class="unseen"> {t("live-here")}</span>}
          </span>
          <span class="note">{t("live-minutes", { count: minutes })}</span>
        </li>
      ))}
    </ol>
  );
}
