import { useEffect } from "preact/hooks";
import type { PendingJoin } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { useApp } from "../context";
import { navigate } from "../router";
import { Button } from "../shared/Button";
import { Skeleton } from "../shared/Skeleton";
import { Statement } from "../shared/Statement";
import { Trouble } from "../shared/Trouble";
import { Waiting } from "./Waiting";

/** What the person who said no wrote, or, where they wrote nothing, what it can mean. */
function declinedWords({ word, card: { name, from } }: PendingJoin): readonly string[] {
  if (word?.text) return [t("declined-word", { from: word.from }), t("quoted", { words: word.text }), t("declined-next", { from })];
  return [t("declined-words", { group: name }), t("declined-next", { from })];
}

/** Where a request to join stands. */
export function Joining({ join }: { join: PendingJoin }) {
  const app = useApp();
  const action = useAction();
  const { group, from } = join.card;
  const admitted = join.status === "admitted" && app.groups.value.some((known) => known.id === group);
  useEffect(() => {
    if (admitted) navigate(`/g/${group}`, "replace");
  }, [admitted, group]);

  if (join.status === "waiting") return <Waiting join={join} />;
  if (join.status === "admitted") return <Skeleton name={t("invite-page")} words={t("joining-in")} />;

  const goodbye = (
    <div class="stack">
      <Trouble code={action.code} />
      <Button
        kind="primary"
        idle={action.busy}
        onPress={() =>
          action.run(async () => {
            await app.withdraw(join.request);
            navigate("/", "replace");
          })
        }
      >
        {t("joining-close")}
      </Button>
    </div>
  );
  switch (join.status) {
    case "declined":
      return (
        <Statement page={t("invite-page")} icon="heart" title={t("declined-title")} words={declinedWords(join)}>
          {goodbye}
        </Statement>
      );
    case "closed":
      return (
        <Statement page={t("invite-page")} icon="door" title={t("request-closed-title")} words={[t("request-closed-words"), t("request-closed-next", { from })]}>
          {goodbye}
        </Statement>
      );
    case "ended":
      return (
        <Statement page={t("invite-page")} icon="link" title={t("request-closed-title")} words={[t("request-ended-words", { why: join.ended ?? "", group: join.card.name }), join.ended !== "removed" && t("request-ended-next", { from })].filter((words) => words !== false)}>
          {goodbye}
        </Statement>
      );
    case "expired":
      return (
        <Statement page={t("invite-page")} icon="clock" title={t("request-expired-title")} words={[t("request-expired-words", { from })]}>
          {goodbye}
        </Statement>
      );
    case "trouble":
      return (
        <Statement page={t("invite-page")} icon="look" title={t("request-trouble-title")} words={[t("request-trouble-words"), t("request-trouble-next", { from })]}>
          {goodbye}
        </Statement>
      );
  }
}
