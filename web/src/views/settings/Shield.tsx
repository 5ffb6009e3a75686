import { useState } from "preact/hooks";
import { shieldWords } from "../../room/shield";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { useApp } from "../context";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Trouble } from "../shared/Trouble";

/** Words of which the person wants to be asked first. They stay on the device. */
export function Shield() {
  const app = useApp();
  const kept = app.shield.value.join("\n");
  const [text, setText] = useState(kept);
  const action = useAction();
  const words = shieldWords(text);
  const changed = words.join("\n") !== kept;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) action.run(() => app.setShield(words));
      }}
    >
      <Field label={t("shield")} aside={t("optional")} hint={t("shield-hint")} value={text} onValue={setText} lines={3} />
      <Trouble code={action.code} />
      <div role="status">{!changed && words.length > 0 && <p class="note">{t("shield-kept", { count: words.length })}</p>}</div>
      {changed && (
        <Button submit idle={action.busy}>
          {t("shield-do")}
        </Button>
      )}
    </form>
  );
}
