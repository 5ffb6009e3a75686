import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Row } from "../../shared/Row";
import { Trouble } from "../../shared/Trouble";
import { nameOf } from "../people";
import { useDone } from "../useDone";

/** Taking the lead of a session that another leads, or nobody. */
export function LeadPart({ room, onClose }: InRoom) {
  const done = useDone(onClose);
  const session = room.live.value?.session;
  if (!session || session.lead === room.me.value?.id || !mayDo(room, "take_lead")) return null;
  const { lead } = session;
  return (
    <div>
      <Row
        icon="people"
        words={t("lead-take")}
        under={lead === null ? t("lead-take-nobody") : t("lead-take-under", { name: nameOf(room, lead) })}
        onPress={() => done.run(() => room.leading.takeLead(), t("lead-done"))}
      />
      <Trouble code={done.code} />
    </div>
  );
}
