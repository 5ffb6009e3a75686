import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { move } from "../../room/planning";
import { local } from "../../room/schedule";
import type { SessionView } from "../../room/plansView";
import type { RoomView } from "../../room/types";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Trouble } from "../shared/Trouble";
import { fieldsOf, localTime, placeOf } from "./times";
import { wrongTime } from "./wrong";

/** Another date or time for one session of a plan, by the clocks of the group. */
export function MoveForm({ room, session, onDone }: { room: RoomView; session: SessionView; onDone: () => void }) {
  const [at, setAt] = useState(() => fieldsOf(local(session.start, session.zone)));
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
          onDone();
        });
      }}
    >
      <Field label={t("plan-date")} type="date" value={at.date} onValue={(date) => setAt({ ...at, date })} wrong={wrong} plainText />
      <Field
        label={t("plan-time")}
        hint={t("plan-by-clocks", { place: placeOf(session.zone) })}
        type="time"
        value={at.time}
        onValue={(time) => setAt({ ...at, time })}
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
