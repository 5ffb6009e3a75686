import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { NameField } from "../shared/NameField";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { useWords } from "../unsent";
import { offerUndo } from "./undo";

/** Another name for oneself in this group. */
export function OwnNameSheet({ room, onClose, onGo }: InRoom) {
  const action = useAction();
  const now = room.me.value?.pseudonym ?? "";
  const words = useWords(`${room.groupId} own name`, LONGEST.pseudonym, now);
  const [tried, setTried] = useState(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    const { given } = words;
    if (given === null || given === now) return;
    action.run(async () => {
      await room.doing.rename(given);
      words.done();
      offerUndo({ words: t("own-name-done", { name: given }), undo: null });
      onClose();
    });
  };
  return (
    <Sheet title={t("own-name")} onClose={onClose} onBack={() => onGo({ kind: "menu" })}>
      <form class="flow" noValidate onSubmit={submit}>
        <p class="soft">{t("own-name-words", { name: now })}</p>
        <NameField words={words} wrong={tried && words.given === null ? t("name-missing") : null} />
        <Trouble code={action.code} />
        <div class="buttons">
          <Button kind="primary" submit idle={action.busy || !words.fits || words.given === now}>
            {t("own-name-do")}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
