import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import type { SheetName } from "./inRoom";
import { mayAdmit } from "./rights";

export interface BannerProps {
  readonly room: RoomView;
  readonly onOpen: (sheet: SheetName) => void;
}

/** What needs a look, above the conversation: first the server's doings, then who waits. */
export function Banner({ room, onOpen }: BannerProps) {
  const warnings = room.warnings.value;
  const waiting = room.waiting.value;
  const [first] = waiting;
  return (
    <div class="banners">
      <div role="alert">
        {warnings.length > 0 && (
          <div class="banner">
            <Icon name="look" />
            <p>{room.status.value === "halted" ? t("warning-halted") : t("warning-noticed")}</p>
            <Button small onPress={() => onOpen({ kind: "warnings" })}>
              {t("warning-look")}
            </Button>
          </div>
        )}
      </div>
      <div role="status" class="banner-waiting">
        {first && mayAdmit(room) && (
          <div class="banner">
            <Icon name="door" />
            <p>{t("waiting-banner", { count: waiting.length, name: first.pseudonym })}</p>
            <Button small onPress={() => onOpen({ kind: "waiting" })}>
              {t("waiting-see")}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
