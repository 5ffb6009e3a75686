import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";

const LONGEST = 300;

/** Room for a private reason. Kind words help: who they are about reads them. */
export function ReasonField({ name, value, onValue }: { name: string; value: string; onValue: (value: string) => void }) {
  const [open, setOpen] = useState(value !== "");
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
      value={value}
      onValue={onValue}
      limit={LONGEST}
      lines={2}
      focused
    />
  );
}

/** A reason as it is given: null for none. */
export function given(reason: string): string | null {
  return reason.trim() === "" ? null : reason.trim();
}
