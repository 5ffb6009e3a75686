import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { fullTime } from "../../i18n/time";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { outline } from "../plan/ChooseSheet";
import { Sheet } from "../shared/Sheet";
import { Switch } from "../shared/Switch";
import { Trouble } from "../shared/Trouble";
import type { InRoom } from "../room/inRoom";
import { useDone } from "./useDone";

/** Milliseconds before its time from which a planned session is the one to begin. */
const EARLY = 60 * 60_000;

type Length = "30" | "60" | "90" | "120";
const LENGTHS: readonly Length[] = ["30", "60", "90", "120"];

function lengthWords(length: Length): string {
  if (length === "30") return t("minutes-short", { count: 30 });
  return length === "90" ? t("run-hour-and-half") : t("run-hours", { count: Number(length) / 60 });
}

/** Begins the session that is planned for about now, or one out of turn. */
export function StartSession({ room, onClose, onGo }: InRoom) {
  const done = useDone(onClose);
  const [length, setLength] = useState<Length>("60");
  const next = room.live.value?.next ?? null;
  const planned = next && next.start - room.now() <= EARLY ? next : null;
  const lastTime = planned && room.plans.segments.value.length === 0 ? room.plans.lastTime() : [];
  const [same, setSame] = useState(true);
  const start = (): void =>
    done.run(async () => {
      // Written first: whoever comes in finds the parts.
      if (same && lastTime.length > 0) await room.leading.writeRunSheet(lastTime);
      await room.leading.open(planned?.plan ?? null, planned?.minutes ?? Number(length));
    }, t("run-start-done"));
  return (
    <Sheet title={planned?.title ?? t("run-start")} onClose={onClose} onBack={() => onGo({ kind: "run" })}>
      {planned ? (
        <p>{t("run-start-planned", { day: fullTime(planned.start) })}</p>
      ) : (
        <Choices
          legend={t("run-length")}
          value={length}
          options={LENGTHS.map((value) => ({ value, label: lengthWords(value) }))}
          onChoose={setLength}
        />
      )}
      {lastTime.length > 0 && <Switch label={t("run-start-same")} hint={outline(lastTime)} on={same} onChange={setSame} />}
      <p class="note">{t("run-start-under")}</p>
      <Trouble code={done.code} />
      <Button kind="primary" idle={done.busy} onPress={start}>
        {t("run-start")}
      </Button>
    </Sheet>
  );
}
