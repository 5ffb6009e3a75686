import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Button } from "../../shared/Button";
import { Trouble } from "../../shared/Trouble";
import { useDone } from "../useDone";

/** On to the next part of the run-sheet, with one tap. */
export function SegmentPart({ room, onClose }: InRoom) {
  const done = useDone(onClose);
  const live = room.live.value;
  if (!live?.session || live.sheet.segments.length === 0 || !mayDo(room, "move_on")) return null;
  const { at, segments } = live.sheet;
  const following = at === null ? 0 : at + 1;
  const next = segments[following];
  if (!next) return <p class="note">{t("run-segment-last")}</p>;
  const { title } = next;
  const move = (): void =>
    done.run(() => room.leading.moveOn(following), t("run-segment-done", { title }), () => room.leading.moveOn(at));
  return (
    <div class="run-main">
      <Button kind="primary" icon="on" idle={done.busy} onPress={move}>
        {at === null ? t("run-segment-first", { title }) : t("run-segment", { title })}
      </Button>
      <p class="note">{t("run-segment-under")}</p>
      <Trouble code={done.code} />
    </div>
  );
}
