import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Row } from "../../shared/Row";
import { Trouble } from "../../shared/Trouble";
import { useDone } from "../useDone";

/** How the room speaks: freely, by hands, or in a round. */
export function FloorPart({ room, onClose, onGo }: InRoom) {
  const done = useDone(onClose);
  const live = room.live.value;
  if (!live || !mayDo(room, "set_floor")) return null;
  const { mode } = live.terms;
  const { leading } = room;
  return (
    <section class="part">
      <h3>{t("run-floor")}</h3>
      <div class="rows">
        {(mode !== "open" || live.floor.queue.length > 0) && (
          <Row icon="people" words={t("run-turns")} under={t("run-turns-under")} onPress={() => onGo({ kind: "turns" })} />
        )}
        <Row icon="again" words={t("run-round")} under={t("run-round-under")} onPress={() => onGo({ kind: "round" })} />
        {mode !== "hands" && (
          <Row
            icon="hand"
            words={t("run-hands")}
            under={t("run-hands-under")}
            onPress={() => done.run(() => leading.setFloor("hands", 0, null), t("run-hands-done"))}
          />
        )}
        {mode !== "open" && (
          <Row
            icon="leaf"
            words={t("run-open-floor")}
            under={t("run-open-floor-under")}
            onPress={() => done.run(() => leading.setFloor("open", 0, null), t("run-open-floor-done"))}
          />
        )}
      </div>
      <Trouble code={done.code} />
    </section>
  );
}
