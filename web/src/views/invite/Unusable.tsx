import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import { Button } from "../shared/Button";
import type { IconName } from "../shared/Icon";
import { wordsFor } from "../shared/refusals";
import { Statement } from "../shared/Statement";

interface Reason {
  readonly icon: IconName;
  readonly title: MessageId;
  readonly words: MessageId;
}

const REASONS: Readonly<Record<string, Reason>> = {
  invite_expired: { icon: "clock", title: "unusable-expired", words: "unusable-expired-words" },
  invite_used_up: { icon: "people", title: "unusable-used-up", words: "unusable-used-up-words" },
  invite_revoked: { icon: "link", title: "unusable-revoked", words: "unusable-revoked-words" },
  invite_unknown: { icon: "link", title: "unusable-unknown", words: "unusable-unknown-words" },
  not_a_link: { icon: "link", title: "unusable-unknown", words: "unusable-unknown-words" },
  wrong_card: { icon: "look", title: "unusable-wrong-card", words: "unusable-wrong-card-words" },
  link_broken: { icon: "link", title: "unusable-not-whole", words: "unusable-not-whole-words" },
};

/** Why an invite link cannot be used, and what helps. */
export function Unusable({ code, onRetry }: { code: string; onRetry: () => void }) {
  const reason = REASONS[code];
  if (reason) {
    return (
      <Statement page={t("invite-page")} icon={reason.icon} title={t(reason.title)} words={[t(reason.words)]}>
        <a class="button" href="/">
          {t("to-start")}
        </a>
      </Statement>
    );
  }
  if (code === "already_member") {
    return (
      <Statement page={t("invite-page")} icon="heart" title={t("already-title")} words={[t("already-words")]}>
        <Button kind="primary" onPress={onRetry}>
          {t("already-do")}
        </Button>
      </Statement>
    );
  }
  return (
    <Statement page={t("invite-page")} icon="offline" title={t("unusable-now")} words={[wordsFor(code), t("unusable-now-words")]}>
      <Button kind="primary" icon="again" onPress={onRetry}>
        {t("try-again")}
      </Button>
    </Statement>
  );
}
