import { t } from "../../i18n/text";
import { Button } from "./Button";
import { Field } from "./Field";
import type { Words } from "../unsent";

export interface NameFieldProps {
  readonly words: Words;
  readonly wrong: string | null;
}

function another(than: string): string {
  const names = t("name-ideas").split(/[,،]/).map((name) => name.trim()).filter((name) => name !== than);
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
  return names[number % names.length] ?? "";
}

/** The pseudonym for one group, with an idea for those who are too tired to think of one. */
export function NameField({ words, wrong }: NameFieldProps) {
  return (
    <Field
      label={t("name-label")}
      aside={t("name-aside")}
      hint={t("name-hint")}
      {...words.field}
      wrong={wrong}
      required
      after={
        <Button kind="quiet" icon="again" onPress={() => words.field.onValue(another(words.text))}>
          {t("name-idea")}
        </Button>
      }
    />
  );
}
