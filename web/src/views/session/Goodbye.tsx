import { t } from "../../i18n/text";
import { when } from "../../i18n/time";
import type { RoomView } from "../../room/types";
import { useNow } from "../care/useNow";
import { useSay } from "../say";
import { Icon } from "../shared/Icon";

/** Milliseconds for which a session that is over is said goodbye to. */
const FOR = 30 * 60_000;

/** After a session: thanks, when the group meets next, and that nothing of it is kept where that is so. */
export function Goodbye({ room }: { room: RoomView }) {
  const now = useNow(room, 60_000);
  const live = room.live.value;
  const over = live?.over ?? null;
  const shown = over !== null && now - over.at < FOR;
  const next = live?.next ?? null;
  const more = [
    ...(over?.capsule ? [t("goodbye-nothing-kept")] : []),
    ...(next ? [t("goodbye-next", { title: next.title, when: when(next.start) })] : []),
  ];
  useSay(shown ? [t("goodbye"), ...more].join(" ") : null);
  if (!shown) return null;
  return (
    <div class="goodbye">
      <Icon name="leaf" />
      <div>
        <b>{t("goodbye")}</b>
        {more.length > 0 && <p dir="auto">{more.join(" ")}</p>}
      </div>
    </div>
  );
}
