import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { offerUndo } from "./undo";

const DAYS: readonly number[] = [1, 7, 30, 90, 0];

export function keptWords(days: number): string {
  return days === 0 ? t("keeping-for-ever") : t("keeping-days", { count: days });
}

/** For how long messages are kept. */
export function KeepingSheet({ room, onClose, onGo }: InRoom) {
  const now = room.days.value;
  const [days, setDays] = useState(now);
  const action = useAction();
  const choices = DAYS.includes(now) ? DAYS : [now, ...DAYS];
  return (
    <Sheet title={t("keeping")} under={keptWords(now)} onClose={onClose} onBack={() => onGo({ kind: "about" })}>
      <Choices
        legend={t("keeping-legend")}
        value={String(days)}
        options={choices.map((count) => ({ value: String(count), label: keptWords(count) }))}
        onChoose={(value) => setDays(Number(value))}
      />
      <p>{days === 0 ? t("keeping-for-ever-words") : t("keeping-words", { count: days })}</p>
      {days !== 0 && <p class="soft">{t("keeping-not-back")}</p>}
      <Trouble code={action.code} />
      {days !== now && (
        <Button
          kind="primary"
          idle={action.busy}
          onPress={() =>
            action.run(async () => {
              await room.doing.retain(days);
              offerUndo({ words: t("keeping-done", { kept: keptWords(days) }), undo: null });
              onClose();
            })
          }
        >
          {t("keeping-do")}
        </Button>
      )}
    </Sheet>
  );
}
