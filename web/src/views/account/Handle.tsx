import { t } from "../../i18n/text";
import { Field } from "../shared/Field";

export interface HandleProps {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly wrong: string | null;
  readonly fresh: boolean;
}

export function Handle({ value, onValue, wrong, fresh }: HandleProps) {
  return (
    <Field
      label={t("handle-label")}
      {...(fresh ? { hint: t("handle-hint") } : {})}
      autoComplete="username"
      value={value}
      onValue={onValue}
      wrong={wrong}
      required
      plainText
    />
  );
}
