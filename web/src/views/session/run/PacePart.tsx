import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Switch } from "../../shared/Switch";
import { Trouble } from "../../shared/Trouble";
import { useDone } from "../useDone";

/** For low-energy days: the room asks little. */
export function PacePart({ room, onClose }: InRoom) {
  const done = useDone(onClose);
  const live = room.live.value;
  if (!live?.session || !mayDo(room, "set_pace")) return null;
  const set = (gentle: boolean): Promise<void> => room.leading.setPace(gentle ? "gentle" : "usual");
  const turn = (on: boolean): void =>
    done.run(() => set(on), on ? t("run-pace-done") : t("run-pace-usual-done"), () => set(!on));
  return (
    <div>
      <Switch label={t("run-pace")} hint={t("run-pace-hint")} on={live.pace === "gentle"} onChange={turn} />
      <Trouble code={done.code} />
    </div>
  );
}
