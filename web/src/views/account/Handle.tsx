import { t } from "../../i18n/text";
import { Field } from "../shared/Field";

export interface HandleProps {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly wrong: string | null;
  readonly fresh: boolean;
}

/** A handle as the server takes it: 3 to 32 of a to z, digits and hyphens. */
export const HANDLE = /^[a-z0-9-]{3,32}$/;

export function Handle({ value, onValue, wrong, fresh }: HandleProps) {
  return (
    <Field
      label={t("handle-label")}
      {...(fresh ? { hint: t("handle-hint") } : {})}
      autoComplete="username"
      value={value}
      onValue={(text) => onValue(text.toLowerCase().replaceAll(" ", "-"))}
      wrong={wrong}
      maxLength={32}
      required
      plainText
    />
  );
}
