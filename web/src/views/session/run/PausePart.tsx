import { useState } from "preact/hooks";
import { LONGEST } from "../../../crypto/texts";
import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Button } from "../../shared/Button";
import { Field } from "../../shared/Field";
import { Trouble } from "../../shared/Trouble";
import { useWords } from "../../unsent";
import { useDone } from "../useDone";

/** Pausing the whole room with one tap, with or without a few words; and going on. */
export function PausePart({ room, onClose }: InRoom) {
  const done = useDone(onClose);
  const words = useWords(`${room.groupId} pause`, LONGEST.pauseNote);
  const [open, setOpen] = useState(words.found);
  const live = room.live.value;
  if (!live || !mayDo(room, "pause")) return null;
  const { leading } = room;
  const resume = (): Promise<void> => leading.resume();
  const pause = (): void => {
    const tell = async (): Promise<void> => {
      await leading.pause(open ? words.given : null);
      words.done();
    };
    done.run(tell, t("run-pause-done"), resume);
  };
  return (
    <div class="run-main">
      {live.paused ? (
        <Button kind="primary" icon="leaf" idle={done.busy} onPress={() => done.run(resume, t("run-resume-done"))}>
          {t("paused-go-on")}
        </Button>
      ) : (
        <>
          {open && <Field label={t("run-pause-note")} {...words.field} focused />}
          <div class="buttons">
            <Button kind="primary" idle={done.busy || (open && !words.fits)} onPress={pause}>
              {t("run-pause")}
            </Button>
            {!open && (
              <Button kind="quiet" onPress={() => setOpen(true)}>
                {t("run-pause-words")}
              </Button>
            )}
          </div>
        </>
      )}
      <Trouble code={done.code} />
    </div>
  );
}
