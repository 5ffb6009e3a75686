import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { mayReact } from "../room/rights";
import { Icon } from "../shared/Icon";
import { Trouble } from "../shared/Trouble";

/** "Stepping out, I'm OK", and back: in one tap, without having to find words. */
export function StepOut({ room, onDone }: { room: RoomView; onDone: () => void }) {
  const action = useAction();
  const away = room.me.value?.away === true;
  if (!mayReact(room)) return null;
  return (
    <div>
      <button
        type="button"
        class="row"
        onClick={() =>
          action.run(async () => {
            await room.stepOut(!away);
            onDone();
          })
        }
      >
        <Icon name="pass" />
        <span class="row-words">
          <b>{away ? t("step-back") : t("step-out")}</b>
          <span class="note">{away ? t("step-back-hint") : t("step-out-hint")}</span>
        </span>
      </button>
      <Trouble code={action.code} />
    </div>
  );
}
