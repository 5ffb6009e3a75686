import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Switch } from "../../shared/Switch";
import { Trouble } from "../../shared/Trouble";
import { useDone } from "../useDone";

/** Closing the door: nobody new is let in. */
export function LockPart({ room, onClose }: InRoom) {
  const done = useDone(onClose);
  const live = room.live.value;
  if (!live?.session || !mayDo(room, "lock")) return null;
  const turn = (on: boolean): void =>
    done.run(() => room.leading.lock(on), on ? t("run-lock-done") : t("run-unlock-done"), () => room.leading.lock(!on));
  return (
    <div>
      <Switch label={t("run-lock")} hint={t("run-lock-hint")} on={live.locked} onChange={turn} />
      <Trouble code={done.code} />
    </div>
  );
}
