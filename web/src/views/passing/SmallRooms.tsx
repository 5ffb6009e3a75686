import type { SmallRoom } from "../../room/passingRooms";
import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { names } from "../../i18n/time";
import { useAction } from "../action";
import { useNow } from "../care/useNow";
import type { SheetName } from "../room/inRoom";
import { navigate } from "../router";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { Trouble } from "../shared/Trouble";
import { minutesLeft } from "./minutes";
import { runsSessions } from "./rights";

/** The small rooms that the session has gone into: the way to one's own, and for who runs the session to each. */
export function SmallRooms({ room, onOpen }: { room: RoomView; onOpen: (sheet: SheetName) => void }) {
  const now = useNow(room);
  const action = useAction();
  const small = room.passing.small.value;
  const shown = small.filter(({ mine, visits }) => mine || visits);
  return (
    <div role="status">
      {small.length > 0 && (
        <div class="banner calm small-rooms">
          <Icon name="people" />
          <p>{t("small-now", { count: minutesLeft(small[0]?.closes ?? now, now) })}</p>
          {shown.map((one) => (
            <Button
              key={one.id}
              small={!one.mine}
              kind={one.mine && one.sent.length > 0 ? "primary" : "plain"}
              idle={action.busy}
              onPress={() => action.run(async () => navigate(`/g/${room.groupId}/${await room.passing.enter(one.id)}`))}
            >
              {wayTo(one)}
            </Button>
          ))}
          {runsSessions(room) && (
            <Button small kind="quiet" onPress={() => onOpen({ kind: "break-out" })}>
              {t("small-manage")}
            </Button>
          )}
          <Trouble code={action.code} />
        </div>
      )}
    </div>
  );
}

function wayTo({ title, sent, mine }: SmallRoom): string {
  const others = names(sent.filter(({ me }) => !me).map(({ pseudonym }) => pseudonym));
  if (sent.length === 0) return t("small-open", { title });
  return mine ? t("small-mine", { title, names: others }) : t("small-visit", { title });
}
