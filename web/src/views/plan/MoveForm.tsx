import { t } from "../../i18n/text";
import { move } from "../../room/planning";
import { local } from "../../room/schedule";
import type { SessionView } from "../../room/plansView";
import type { RoomView } from "../../room/types";
import { useAction } from "../action";
import { useKept } from "../kept";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Trouble } from "../shared/Trouble";
import { fieldsOf, localTime, placeOf } from "./times";
import { wrongTime } from "./wrong";

/** Another date or time for one session of a plan, by the clocks of the group. */
export function MoveForm({ room, session, onDone }: { room: RoomView; session: SessionView; onDone: () => void }) {
  const kept = useKept(`${room.groupId} move ${session.plan} ${session.start}`, fieldsOf(local(session.start, session.zone)));
  const at = kept.now;
  const action = useAction();
  const wrong = wrongTime(action.code);
  const to = localTime(at.date, at.time);
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (to === null) return;
        action.run(async () => {
          await move(room, session, to);
          kept.done();
          onDone();
        });
      }}
    >
      <Field label={t("plan-date")} type="date" value={at.date} onValue={(date) => kept.set({ date })} wrong={wrong} plainText />
      <Field
        label={t("plan-time")}
        hint={t("plan-by-clocks", { place: placeOf(session.zone) })}
        type="time"
        value={at.time}
        onValue={(time) => kept.set({ time })}
        plainText
      />
      <p class="soft">{t("session-others-see")}</p>
      {wrong === null && <Trouble code={action.code} />}
      <Button kind="primary" submit idle={action.busy || to === null}>
        {t("session-move-do")}
      </Button>
    </form>
  );
}
