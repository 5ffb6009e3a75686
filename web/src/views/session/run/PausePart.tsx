import { useState } from "preact/hooks";
import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Button } from "../../shared/Button";
import { Field } from "../../shared/Field";
import { Trouble } from "../../shared/Trouble";
import { useDone } from "../useDone";

const LONGEST = 200;

/** Pausing the whole room with one tap, with or without a few words; and going on. */
export function PausePart({ room, onClose }: InRoom) {
  const done = useDone(onClose);
  const [note, setNote] = useState<string | null>(null);
  const live = room.live.value;
  if (!live || !mayDo(room, "pause")) return null;
  const { leading } = room;
  const resume = (): Promise<void> => leading.resume();
  const pause = (): void => done.run(() => leading.pause(note?.trim() ? note.trim() : null), t("run-pause-done"), resume);
  return (
    <div class="run-main">
      {live.paused ? (
        <Button kind="primary" icon="leaf" idle={done.busy} onPress={() => done.run(resume, t("run-resume-done"))}>
          {t("paused-go-on")}
        </Button>
      ) : (
        <>
          {note !== null && <Field label={t("run-pause-note")} value={note} onValue={setNote} limit={LONGEST} focused />}
          <div class="buttons">
            <Button icon="leaf" idle={done.busy} onPress={pause}>
              {t("run-pause")}
            </Button>
            {note === null && (
              <Button kind="quiet" onPress={() => setNote("")}>
                {t("run-pause-words")}
              </Button>
            )}
          </div>
          <p class="note">{t("run-pause-under")}</p>
        </>
      )}
      <Trouble code={done.code} />
    </div>
  );
}
