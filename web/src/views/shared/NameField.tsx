import { t } from "../../i18n/text";
import { Button } from "./Button";
import { Field } from "./Field";

export interface NameFieldProps {
  readonly value: string;
  readonly onValue: (name: string) => void;
  readonly wrong: string | null;
}

const LONGEST = 40;

function another(than: string): string {
  const names = t("name-ideas").split(/[,،]/).map((name) => name.trim()).filter((name) => name !== than);
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
  return names[number % names.length] ?? "";
}

/** The pseudonym for one group, with an idea for those who are too tired to think of one. */
export function NameField({ value, onValue, wrong }: NameFieldProps) {
  return (
    <Field
      label={t("name-label")}
      aside={t("name-aside")}
      hint={t("name-hint")}
      value={value}
      onValue={onValue}
      wrong={wrong}
      limit={LONGEST}
      required
      after={
        <Button kind="quiet" icon="again" onPress={() => onValue(another(value))}>
          {t("name-idea")}
        </Button>
      }
    />
  );
}
