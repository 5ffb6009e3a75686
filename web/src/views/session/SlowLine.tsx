import { t } from "../../i18n/text";
import { lastSpoke } from "../../room/airtime";
import type { LiveView } from "../../room/liveView";
import { STAFF } from "../../room/roles";
import type { RoomView } from "../../room/types";
import { useNow } from "../care/useNow";
import { Icon } from "../shared/Icon";
import { talkOf } from "./talk";

/** Seconds to which what is left of a wait is rounded, so that it does not count down. */
const STEP = 5;

/** Slow mode, and when the person's next message goes. What is sent sooner waits in the outbox and goes by itself. */
export function SlowLine({ room, live: { slow } }: { room: RoomView; live: LiveView }) {
  const me = room.me.value;
  const now = useNow(room, STEP * 1000);
  if (slow === 0 || !me) return <div role="status" />;
  const spoke = STAFF.includes(me.role) ? null : lastSpoke(talkOf(room).timeline.value, me.id);
  const left = spoke === null ? 0 : Math.ceil((spoke + slow * 1000 - now) / (STEP * 1000)) * STEP;
  return (
    <div class="live-line">
      <Icon name="leaf" />
      <p>
        <span role="status">
          {slow % 60 === 0 ? t("slow-minutes", { count: slow / 60 }) : t("slow-line", { count: slow })}
        </span>
        {left > 0 && ` ${t("slow-wait", { count: left })}`}
      </p>
    </div>
  );
}
