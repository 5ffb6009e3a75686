import type { Elsewhere } from "../../room/types";
import { t } from "../../i18n/text";
import { Icon } from "../shared/Icon";

/** The groups that this person reads on another device: how many, and the way to read them here. */
export function ElsewhereNote({ groups }: { groups: readonly Elsewhere[] }) {
  const owned = groups.filter(({ role }) => role === "owner").length;
  const others = groups.length - owned;
  return (
    <div class="box stack">
      {others > 0 && (
        <p class="with-icon">
          <Icon name="copy" />
          <span>{t("groups-elsewhere", { count: others })}</span>
        </p>
      )}
      {owned > 0 && (
        <p class="with-icon">
          <Icon name="copy" />
          <span>{t("groups-elsewhere-owned", { count: owned })}</span>
        </p>
      )}
    </div>
  );
}
