import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import type { Words } from "../unsent";

/** Room for a private reason. Kind words help: who they are about reads them. */
export function ReasonField({ name, words }: { name: string; words: Words }) {
  const [open, setOpen] = useState(words.text !== "");
  if (!open) {
    return (
      <Button kind="quiet" small icon="note" onPress={() => setOpen(true)}>
        {t("reason-add")}
      </Button>
    );
  }
  return (
    <Field
      label={t("reason-label")}
      aside={t("optional")}
      hint={t("reason-who", { name })}
      {...words.field}
      lines={2}
      focused
    />
  );
}
