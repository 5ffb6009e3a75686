import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import type { InRoom } from "../room/inRoom";
import { useDone } from "./useDone";

const SECONDS: readonly number[] = [0, 15, 30, 60, 120];

function words(seconds: number): string {
  if (seconds === 0) return t("run-slow-off");
  return seconds % 60 === 0 ? t("minutes-short", { count: seconds / 60 }) : t("run-seconds", { count: seconds });
}

/** How long everyone waits between two messages. */
export function SlowSheet({ room, onClose, onGo }: InRoom) {
  const done = useDone(onClose);
  const now = room.live.value?.slow ?? 0;
  const [chosen, setChosen] = useState(String(now));
  const choices = SECONDS.includes(now) ? SECONDS : [...SECONDS, now].sort((one, other) => one - other);
  const seconds = Number(chosen);
  const set = (): void =>
    done.run(() => room.leading.slowMode(seconds), seconds === 0 ? t("run-slow-off-done") : t("run-slow-done"));
  return (
    <Sheet title={t("run-slow")} onClose={onClose} onBack={() => onGo({ kind: "run" })}>
      <Choices
        legend={t("run-slow-legend")}
        value={chosen}
        options={choices.map((choice) => ({ value: String(choice), label: words(choice) }))}
        onChoose={setChosen}
      />
      <p class="note">{t("run-slow-see")}</p>
      <Trouble code={done.code} />
      <Button kind="primary" idle={done.busy || seconds === now} onPress={set}>
        {t("run-slow-do")}
      </Button>
    </Sheet>
  );
}
