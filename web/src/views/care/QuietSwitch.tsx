import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Switch } from "../shared/Switch";
import { Trouble } from "../shared/Trouble";
import { offerUndo } from "./undo";

/** While on, only those who look after the room write. */
export function QuietSwitch({ room, onDone }: { room: RoomView; onDone: () => void }) {
  const action = useAction();
  const turn = (on: boolean): void =>
    action.run(async () => {
      await room.doing.muteAll(on);
      const words = on ? t("quiet-on-done") : t("quiet-off-done");
      offerUndo({ words, undo: () => room.doing.muteAll(!on) });
      onDone();
    });
  return (
    <div>
      <Switch label={t("quiet-switch")} hint={t("quiet-hint")} on={room.quiet.value} onChange={turn} />
      <Trouble code={action.code} />
    </div>
  );
}
