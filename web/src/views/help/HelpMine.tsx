import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { callWords, ownAside } from "./call";

/** For whoever asked for help: whether anybody knows, for as long as nobody has answered. */
export function HelpMine({ room, onHelp }: { room: RoomView; onHelp: () => void }) {
  const own = ownAside(room);
  const call = room.call.value;
  const told = call === null && own?.help.value === "asked";
  return (
    <div role="status">
      {(call || told) && (
        <div class={`banner${told ? " calm" : ""}`}>
          <Icon name="help" />
          <p>{told ? t("help-mine") : callWords(room)}</p>
          {told ? (
            <a class="button small" href={`/g/${own.groupId}/${own.room}`}>
              {t("help-write")}
            </a>
          ) : (
            <Button small onPress={onHelp}>
              {t("help-whom")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
