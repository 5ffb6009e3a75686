import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";

export interface PassphraseProps {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly wrong: string | null;
  readonly fresh: boolean;
}

/** A passphrase, hidden until the person asks to see it. */
export function Passphrase({ value, onValue, wrong, fresh }: PassphraseProps) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      label={t("passphrase-label")}
      {...(fresh ? { hint: t("passphrase-hint") } : {})}
      type={shown ? "text" : "password"}
      autoComplete={fresh ? "new-password" : "current-password"}
      value={value}
      onValue={onValue}
      wrong={wrong}
      required
      plainText
      after={
        <Button kind="quiet" icon={shown ? "shut" : "eye"} onPress={() => setShown(!shown)}>
          {shown ? t("passphrase-hide") : t("passphrase-show")}
        </Button>
      }
    />
  );
}
