import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import type { TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { messageAt } from "../care/MessageSheet";
import type { InRoom } from "../room/inRoom";
import { passes } from "../room/rights";
import { useWords } from "../unsent";

/** Answering a claim for everyone, with what is known and without blame. */
export function CardForm({ room, talk, seq, onClose }: InRoom & { talk: TalkView; seq: number }) {
  const fleeting = passes(room, talk);
  const title = useWords(`${talk.room} card title ${seq}`, LONGEST.cardTitle, "", fleeting);
  const text = useWords(`${talk.room} card ${seq}`, LONGEST.cardText, "", fleeting);
  const [tried, setTried] = useState(false);
  const action = useAction();
  const message = messageAt(talk, seq);
  const send = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    const [heading, words] = [title.given, text.given];
    if (heading === null || words === null) return;
    action.run(async () => {
      await talk.sendCard(seq, heading, words);
      title.done();
      text.done();
      onClose();
    });
  };
  return (
    <Sheet title={t("card-title")} onClose={onClose}>
      <form class="stack" noValidate onSubmit={send}>
        <p class="soft">{t("card-words")}</p>
        {message && (
          <blockquote class="box">
            <p class="why">{t("card-about")}</p>
            <p class="said" dir="auto">
              {message.text}
            </p>
          </blockquote>
        )}
        <Field
          label={t("card-heading")}
          {...title.field}
          wrong={tried && title.given === null ? t("card-heading-missing") : null}
        />
        <Field
          label={t("card-text")}
          {...text.field}
          lines={6}
          wrong={tried && text.given === null ? t("card-text-missing") : null}
        />
        <Trouble code={action.code} />
        <Button kind="primary" submit idle={action.busy || !title.fits || !text.fits}>
          {action.busy ? t("card-busy") : t("card-do")}
        </Button>
      </form>
    </Sheet>
  );
}
