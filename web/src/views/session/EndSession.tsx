import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { when } from "../../i18n/time";
import { MINIMUM } from "../../room/ballots";
import { Button } from "../shared/Button";
import { Sheet } from "../shared/Sheet";
import { Switch } from "../shared/Switch";
import { Trouble } from "../shared/Trouble";
import type { InRoom } from "../room/inRoom";
import { mayDo } from "../room/rights";
import { useDone } from "./useDone";

/** Minutes in which people can say how it was. */
const MINUTES = 10;

/** Asks once more before the session ends for everyone; how it was can be asked with the same tap. */
export function EndSession({ room, onClose, onGo }: InRoom) {
  const done = useDone(onClose);
  const canAsk = mayDo(room, "open_ballot") && room.members.value.length >= MINIMUM;
  const [asks, setAsks] = useState(true);
  const next = room.live.value?.next ?? null;
  const end = async (): Promise<void> => {
    await room.leading.close();
    // Something else may still be asked; the session has ended all the same.
    if (canAsk && asks) await (await room.ballots.deeds()).open("feedback", t("ask-feedback-prompt"), MINUTES).catch(() => undefined);
  };
  return (
    <Sheet title={t("run-end-title")} onClose={onClose} onBack={() => onGo({ kind: "run" })}>
      <p>{t("run-end-words")}</p>
      {room.passing.held.value && <p>{t("run-end-capsule")}</p>}
      <p class="note">
        {t("run-end-goodbye")} {next ? t("goodbye-next", { title: next.title, when: when(next.start) }) : t("run-end-no-next")}
      </p>
      {canAsk && <Switch label={t("run-end-ask")} hint={t("run-end-ask-hint")} on={asks} onChange={setAsks} />}
      <Trouble code={done.code} />
      <Button kind="remove" idle={done.busy} onPress={() => done.run(end, t("run-end-done"))}>
        {t("run-end-do")}
      </Button>
    </Sheet>
  );
}
