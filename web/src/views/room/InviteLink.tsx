import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { copy } from "../../platform";
import { Button } from "../shared/Button";
import { QrCode } from "../shared/QrCode";

/** A link to send: copied with one tap, or shown as a picture to a phone held beside this one. */
export function InviteLink({ link }: { link: string }) {
  const [copied, setCopied] = useState<boolean | null>(null);
  const [picture, setPicture] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <div class="stack">
      <p class="note">{t("invite-made")}</p>
      <p class="link-box" dir="ltr">
        {link}
      </p>
      <Button kind="primary" icon={copied ? "check" : "copy"} buttonRef={first} onPress={() => void copy(link).then(setCopied)}>
        {copied ? t("invite-copied") : t("invite-copy")}
      </Button>
      <p role="status" class="note">
        {copied === false && t("invite-copy-failed")}
        {copied === true && <span class="unseen">{t("invite-copied")}</span>}
      </p>
      {picture ? (
        <QrCode text={link} label={t("invite-picture-label")} />
      ) : (
        <Button onPress={() => setPicture(true)}>{t("invite-picture")}</Button>
      )}
    </div>
  );
}
