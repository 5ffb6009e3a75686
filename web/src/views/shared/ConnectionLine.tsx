import { t } from "../../i18n/text";
import { useApp } from "../context";
import { Icon } from "./Icon";

/** One calm line while there is no line to the server. */
export function ConnectionLine() {
  const connection = useApp().connection.value;
  return (
    <div role="status" class="line-status">
      {(connection === "offline" || connection === "cut_off") && (
        <p class="strip">
          <Icon name="offline" />
          <span>{connection === "offline" ? t("offline-home") : t("cut-off-home")}</span>
        </p>
      )}
    </div>
  );
}
