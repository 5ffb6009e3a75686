import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { messageAt } from "../care/MessageSheet";
import type { InRoom } from "../room/inRoom";

const MAX_TITLE = 120;
const MAX_TEXT = 2000;

/** Answering a claim for everyone, with what is known and without blame. */
export function CardForm({ room, seq, onClose }: InRoom & { seq: number }) {
  const [title, setTitle] = useState("");
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const action = useAction();
  const message = messageAt(room, seq);
  const send = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (title.trim() === "" || text.trim() === "") return;
    action.run(async () => {
      await room.sendCard(seq, title.trim(), text.trim());
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
          value={title}
          onValue={setTitle}
          limit={MAX_TITLE}
          wrong={tried && title.trim() === "" ? t("card-heading-missing") : null}
        />
        <Field
          label={t("card-text")}
          value={text}
          onValue={setText}
          limit={MAX_TEXT}
          lines={6}
          wrong={tried && text.trim() === "" ? t("card-text-missing") : null}
        />
        <Trouble code={action.code} />
        <Button kind="primary" submit idle={action.busy}>
          {action.busy ? t("card-busy") : t("card-do")}
        </Button>
      </form>
    </Sheet>
  );
}
