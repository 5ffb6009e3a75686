import { isAsking } from "../../room/help";
import type { FurtherView, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { Icon } from "../shared/Icon";

/** For those who look after a group: who asks them for help and has no answer yet. `except` is the room that is in sight. */
export function HelpAsked({ main, except }: { main: RoomView; except?: FurtherView }) {
  return (
    <div role="alert">
      {main.further.value.filter((room) => isAsking(room) && room !== except).map((room) => {
        const who = room.about.value?.pseudonym ?? t("someone");
        return (
          <div key={room.room} class="banner">
            <Icon name="help" />
            <p>{t("help-asks", { who })}</p>
            <a class="button small" href={`/g/${room.groupId}/${room.room}`}>
              {t("help-go", { who })}
            </a>
          </div>
        );
      })}
    </div>
  );
}
