import { t } from "../../i18n/text";
import { useApp } from "../context";
import { Icon } from "./Icon";

/** One calm line while there is no line to the server. */
export function ConnectionLine() {
  const offline = useApp().connection.value === "offline";
  return (
    <div role="status" class="line-status">
      {offline && (
        <p class="strip">
          <Icon name="offline" />
          <span>{t("offline-home")}</span>
        </p>
      )}
    </div>
  );
}
