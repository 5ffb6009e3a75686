import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { copy } from "../../platform";
import { codeOfLink, readLink } from "../../room/inviteLinks";
import { Button } from "../shared/Button";
import { QrCode } from "../shared/QrCode";

/** A link to send: copied with one tap, as its code alone, or shown as a picture to a phone held beside this one. */
export function InviteLink({ link }: { link: string }) {
  const [copied, setCopied] = useState<"link" | "code" | "nothing" | null>(null);
  const [picture, setPicture] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const take = async (what: "link" | "code"): Promise<void> => {
    const text = what === "link" ? link : codeOfLink(readLink(link, location.origin));
    setCopied((await copy(text)) ? what : "nothing");
  };
  return (
    <div class="stack">
      <p class="note">{t("invite-made")}</p>
      <p class="link-box" dir="ltr">
        {link}
      </p>
      <Button kind="primary" icon={copied === "link" ? "check" : "copy"} buttonRef={first} onPress={() => void take("link")}>
        {copied === "link" ? t("invite-copied") : t("invite-copy")}
      </Button>
      <p role="status" class="note">
        {copied === "nothing" && t("invite-copy-failed")}
        {(copied === "link" || copied === "code") && <span class="unseen">{t("invite-copied")}</span>}
      </p>
      <p class="note">{t("invite-history")}</p>
      <Button icon={copied === "code" ? "check" : "copy"} onPress={() => void take("code")}>
        {copied === "code" ? t("invite-copied") : t("invite-copy-code")}
      </Button>
      {picture ? (
        <QrCode text={link} label={t("invite-picture-label")} />
      ) : (
        <Button onPress={() => setPicture(true)}>{t("invite-picture")}</Button>
      )}
    </div>
  );
}
