import type { FurtherView, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { useNow } from "../care/useNow";
import { navigate } from "../router";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { Trouble } from "../shared/Trouble";
import { minutesLeft } from "./minutes";

/** Milliseconds before the end at which it is said that it comes. */
const SOON = 2 * 60_000;

/** In a small room: how long it lasts, that it is about to end, and the way back. */
export function SmallRoomLine({ main, room }: { main: RoomView; room: FurtherView }) {
  const now = useNow(main);
  const action = useAction();
  const small = main.passing.small.value.find(({ id }) => id === room.room);
  if (!small) return null;
  const soon = small.closes - now <= SOON;
  return (
    <div class="banner calm">
      <Icon name="clock" />
      <div role="status">
        <p>{soon ? t("small-soon") : t("small-nothing-kept")}</p>
      </div>
      <p class="note">{t("small-left", { count: minutesLeft(small.closes, now) })}</p>
      <Button
        small
        idle={action.busy}
        onPress={() =>
          action.run(async () => {
            await room.leave();
            navigate(`/g/${main.groupId}`);
          })
        }
      >
        {t("small-back")}
      </Button>
      <Trouble code={action.code} />
    </div>
  );
}
