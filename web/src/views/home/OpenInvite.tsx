import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { navigate, parse } from "../router";
import { Button, type ButtonProps } from "../shared/Button";
import { Field } from "../shared/Field";

/** The path and secret of a pasted invite link of this server, or null. */
function inviteIn(text: string): string | null {
  if (!URL.canParse(text.trim())) return null;
  const url = new URL(text.trim());
  return url.origin === location.origin && parse(url.pathname).at === "invite" ? url.pathname + url.hash : null;
}

/** For those whose link does not open by itself: paste it. */
export function OpenInvite({ kind = "primary" }: { kind?: NonNullable<ButtonProps["kind"]> }) {
  const [open, setOpen] = useState(false);
  const [link, setLink] = useState("");
  const [wrong, setWrong] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), [open]);
  if (!open) {
    return (
      <Button kind={kind} onPress={() => setOpen(true)}>
        {t("welcome-have-invite")}
      </Button>
    );
  }
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const path = inviteIn(link);
        if (path) navigate(path);
        else setWrong(true);
      }}
    >
      <Field
        label={t("open-invite-label")}
        hint={t("open-invite-hint")}
        type="url"
        value={link}
        onValue={(text) => {
          setLink(text);
          setWrong(false);
        }}
        wrong={wrong ? t("open-invite-wrong") : null}
        plainText
        inputRef={input}
      />
      <Button kind="primary" submit>
        {t("open-invite-do")}
      </Button>
    </form>
  );
}
