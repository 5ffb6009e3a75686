import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Button } from "../../shared/Button";
import { Trouble } from "../../shared/Trouble";
import { roundOfPart } from "../offers";
import { useDone } from "../useDone";

/** On to the next part of the run-sheet, with one tap; and the round of the part that the room is at. */
export function SegmentPart({ room, onClose, onGo }: Pick<InRoom, "room" | "onClose" | "onGo">) {
  const done = useDone(onClose);
  const live = room.live.value;
  if (!live?.session || live.sheet.segments.length === 0 || !mayDo(room, "move_on")) return null;
  const { at, segments } = live.sheet;
  const following = at === null ? 0 : at + 1;
  const title = segments[following]?.title;
  const move = (to: string): void =>
    done.run(() => room.leading.moveOn(following), t("run-segment-done", { title: to }), () => room.leading.moveOn(at));
  return (
    <div class="run-main">
      {title === undefined ? (
        <p class="note">{t("run-segment-last")}</p>
      ) : (
        <Button kind="primary" icon="on" idle={done.busy} onPress={() => move(title)}>
          {at === null ? t("run-segment-first", { title }) : t("run-segment", { title })}
        </Button>
      )}
      {roundOfPart(room, live).map(({ icon, words }) => (
        <Button key={words} icon={icon} onPress={() => onGo({ kind: "round" })}>
          {words}
        </Button>
      ))}
      {title !== undefined && <p class="note">{t("run-segment-under")}</p>}
      <Trouble code={done.code} />
    </div>
  );
}
