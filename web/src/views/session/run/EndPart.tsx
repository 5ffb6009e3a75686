import { t } from "../../../i18n/text";
import { clock } from "../../../i18n/time";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Row } from "../../shared/Row";
import { Trouble } from "../../shared/Trouble";
import { useDone } from "../useDone";

const MINUTE = 60_000;
const MORE = 5;
/** Minutes from now to which a session can be made to last. */
const MOST = 720;

/** Five more minutes, and the end. */
export function EndPart({ room, onClose, onGo }: InRoom) {
  const done = useDone(onClose);
  const session = room.live.value?.session;
  if (!session || !mayDo(room, "close_session")) return null;
  const until = session.closes + MORE * MINUTE;
  const more = (): void =>
    done.run(
      () => room.leading.extend(Math.min(MOST, Math.ceil((until - room.now()) / MINUTE))),
      t("run-more-done", { until: clock(until) }),
    );
  return (
    <div>
      <div class="rows">
        <Row icon="plus" words={t("run-more")} under={t("run-more-under", { until: clock(session.closes) })} onPress={more} />
        <Row icon="door" words={t("run-end")} under={t("asks-once-more")} remove onPress={() => onGo({ kind: "end-session" })} />
      </div>
      <Trouble code={done.code} />
    </div>
  );
}
