import { t } from "../../i18n/text";
import { leaveQuickly } from "../exit";
import { Icon } from "./Icon";

/** The quick exit, at the top of every page. */
export function Leave() {
  return (
    <a
      class="leave"
      href="/quiet"
      aria-label={t("leave-label")}
      title={t("leave-hint")}
      onClick={(event) => {
        event.preventDefault();
        leaveQuickly();
      }}
    >
      <Icon name="leave" />
      {t("leave")}
    </a>
  );
}
