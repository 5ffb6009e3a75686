import type { TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { useApp } from "../context";
import { Icon } from "../shared/Icon";

function words(room: TalkView, cutOff: boolean): string | null {
  switch (room.status.value) {
    case "offline": {
      if (cutOff) return t("status-cut-off");
      const saved = room.timeline.value.some((item) => item.kind === "message" && item.state === "sending");
      return saved ? t("status-offline-saved") : t("status-offline");
    }
    case "catching_up":
      return t("status-catching-up");
    case "rekeying":
      return t("status-rekeying");
    default:
      return null;
  }
}

/** One calm line above the composer when something is not as usual. */
export function StatusLine({ room }: { room: TalkView }) {
  const line = words(room, useApp().connection.value === "cut_off");
  const icon = room.status.value === "offline" ? "offline" : "clock";
  return (
    <div role="status" class="line-status">
      {line && (
        <p class="strip">
          <Icon name={icon} />
          <span>{line}</span>
        </p>
      )}
    </div>
  );
}
