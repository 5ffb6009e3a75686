import { useEffect, useRef, useState } from "preact/hooks";
import { codeOf } from "../../room/errors";
import { readLink } from "../../room/inviteLinks";
import { t } from "../../i18n/text";
import { keepLink } from "../invite/secret";
import { navigate } from "../router";
import { Button, type ButtonProps } from "../shared/Button";
import { Field } from "../shared/Field";

/** For those whose link does not open by itself, or who want it in no browser's history: paste it, or its code. */
export function OpenInvite({ kind = "primary" }: { kind?: NonNullable<ButtonProps["kind"]> }) {
  const [open, setOpen] = useState(false);
  const [given, setGiven] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), [open]);
  if (!open) {
    return (
      <Button kind={kind} onPress={() => setOpen(true)}>
        {t("welcome-have-invite")}
      </Button>
    );
  }
  const submit = (event: Event): void => {
    event.preventDefault();
    try {
      const link = readLink(given, location.origin);
      keepLink(link);
      navigate(`/i/${link.invite}`);
    } catch (error) {
      setWrong(codeOf(error) === "link_broken" ? t("open-invite-part") : t("open-invite-wrong"));
    }
  };
  return (
    <form class="stack" noValidate onSubmit={submit}>
      <Field
        label={t("open-invite-label")}
        hint={t("open-invite-hint")}
        value={given}
        onValue={(text) => {
          setGiven(text);
          setWrong(null);
        }}
        wrong={wrong}
        plainText
        inputRef={input}
      />
      <Button kind="primary" submit>
        {t("open-invite-do")}
      </Button>
    </form>
  );
}
