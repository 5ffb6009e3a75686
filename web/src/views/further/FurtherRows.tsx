import type { FurtherView, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { isStaff } from "../room/rights";
import { navigate } from "../router";
import { Icon } from "../shared/Icon";
import { Row } from "../shared/Row";
import { Trouble } from "../shared/Trouble";
import { furtherTitle, whoIsIn } from "./title";

/** The further rooms of a group, each with who is in it; for staff the one of their own, made when it is first wanted. */
export function FurtherRows({ room }: { room: RoomView }) {
  const action = useAction();
  const rooms = room.further.value;
  const staff = rooms.some(({ purpose }) => purpose.value === "staff");
  return (
    <>
      {rooms.map((one) => (
        <FurtherRow key={one.room} room={one} />
      ))}
      {isStaff(room) && !staff && (
        <Row
          icon="people"
          words={t("staff-room")}
          under={t("staff-open")}
          onPress={() => action.run(async () => navigate(`/g/${room.groupId}/${await room.openStaff()}`))}
        />
      )}
      <Trouble code={action.code} />
    </>
  );
}

function FurtherRow({ room }: { room: FurtherView }) {
  const unread = room.unread.value;
  return (
    <a class="row" href={`/g/${room.groupId}/${room.room}`}>
      <Icon name={room.purpose.value === "staff" ? "people" : "heart"} />
      <span class="row-words">
        <b dir="auto">{furtherTitle(room)}</b>
        <span class="note">{room.purpose.value === "staff" ? whoIsIn(room) : t("aside-row")}</span>
      </span>
      {unread > 0 && (
        <span class="tag">
          <span aria-hidden="true">{t("number", { count: unread })}</span>
          <span class="unseen">{t("groups-unread", { count: unread })}</span>
        </span>
      )}
      <Icon name="on" />
    </a>
  );
}
