import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { useWords } from "../unsent";
import { offerUndo } from "./undo";

/** Another name for the group, and other words of welcome. */
export function GroupNameSheet({ room, onClose, onGo }: InRoom) {
  const action = useAction();
  const before = { name: room.name.value, welcome: room.welcome.value };
  const name = useWords(`${room.groupId} name`, LONGEST.groupName, before.name);
  const welcome = useWords(`${room.groupId} welcome`, LONGEST.welcome, before.welcome);
  const [tried, setTried] = useState(false);
  const renamed = name.given !== null && name.given !== before.name;
  const rewritten = (welcome.given ?? "") !== before.welcome;
  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (name.given === null) return;
    action.run(async () => {
      if (renamed) await room.doing.renameGroup(name.given);
      name.done();
      if (rewritten) await room.doing.writeWelcome(welcome.given ?? "");
      welcome.done();
      offerUndo({ words: t("group-name-done"), undo: null });
      onClose();
    });
  };
  return (
    <Sheet title={t("group-name")} onClose={onClose} onBack={() => onGo({ kind: "about" })}>
      <form class="flow" noValidate onSubmit={submit}>
        <p class="soft">{t("group-name-words")}</p>
        <Field
          label={t("new-name-label")}
          {...name.field}
          wrong={tried && name.given === null ? t("field-missing") : null}
          required
        />
        <Field label={t("new-welcome-label")} aside={t("optional")} hint={t("new-welcome-hint")} {...welcome.field} lines={3} />
        <Trouble code={action.code} />
        <div class="buttons">
          <Button kind="primary" submit idle={action.busy || !name.fits || !welcome.fits || !(renamed || rewritten)}>
            {t("group-name-do")}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
