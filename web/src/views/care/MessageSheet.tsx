import type { Message, RoomView, TalkView } from "../../room/types";
import { UNDO } from "../../room/tidying";
import { t } from "../../i18n/text";
import { fullTime } from "../../i18n/time";
import { useAction } from "../action";
import { useApp } from "../context";
import type { InRoom } from "../room/inRoom";
import { mayAdmit, mayDo, mayFold, mayTakeDown, passes } from "../room/rights";
import { foldedUnder } from "../room/SaidText";
import { talkOf } from "../session/talk";
import { Button } from "../shared/Button";
import { Mark } from "../shared/Mark";
import { Row } from "../shared/Row";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { useNow } from "./useNow";
import { offerUndo } from "./undo";

/** One message, said in any room of the group, and what may be done about it: outside its main one nothing is taken down. */
export function MessageSheet({ room, onClose, onGo, talk, seq }: InRoom & { talk: TalkView; seq: number }) {
  const shield = useApp().shield.value;
  const message = messageAt(talk, seq);
  if (!message) {
    return (
      <Sheet title={t("message-gone")} onClose={onClose}>
        <Button onPress={onClose}>{t("close")}</Button>
      </Sheet>
    );
  }
  const name = message.mine ? t("you") : message.pseudonym;
  const author = room.members.value.find(({ id }) => id === message.sender);
  const stands = message.down === null;
  const under = foldedUnder(message, talk, shield);
  const main = talk.room === room.room;
  const binds = main || passes(room, talk);
  const toPerson = (member: string): void => onGo({ kind: "person", member, back: { kind: "message", talk, seq } });
  return (
    <Sheet title={t("message-of", { name })} under={fullTime(message.time)} lead={<Mark member={message.sender} />} onClose={onClose}>
      {stands ? (
        <p class="said message-quote" dir="auto">
          {under ? under.words : message.text}
        </p>
      ) : (
        <p class="soft">{t("down-by", { by: message.down.by })}</p>
      )}
      <div class="rows">
        {stands && mayFold(talk, message) && (
          <Row icon="shut" words={message.folded ? t("fold-change") : t("fold-open")} under={t("fold-hint")} onPress={() => onGo({ kind: "fold", talk, seq })} />
        )}
        {!message.mine && message.quote !== null && (
          <>
            <Row
              icon="hand"
              words={t("report-title-message")}
              under={t("report-open-under")}
              onPress={() => onGo({ kind: "report", about: { kind: "message", talk, line: seq } })}
            />
            <Row
              icon="eye"
              words={t("report-title-check")}
              under={t("report-check-under")}
              onPress={() => onGo({ kind: "report", about: { kind: "check", talk, line: seq } })}
            />
          </>
        )}
        {talk === talkOf(room) && message.quote !== null && mayAdmit(room) && (
          <Row icon="leaf" words={t("card-title")} onPress={() => onGo({ kind: "card", talk, seq })} />
        )}
        {author && binds && mayDo(room, "mute", author) && (
          <Row icon="quiet" words={t("mute-title")} under={t("asks-once-more")} onPress={() => toPerson(author.id)} />
        )}
        {author && !message.mine && (
          <Row icon="person" words={t("message-person", { name })} onPress={() => toPerson(author.id)} />
        )}
        {main && stands && mayTakeDown(room, message) && (
          <Row icon="trash" words={t("down-open")} under={t("asks-once-more")} remove onPress={() => onGo({ kind: "take-down", seq })} />
        )}
      </div>
      {main && !stands && mayTakeDown(room, message) && <PutBack room={room} message={message} onDone={onClose} />}
    </Sheet>
  );
}

export function messageAt(room: TalkView, seq: number): Message | null {
  const found = room.timeline.value.find((item) => item.seq === seq);
  return found?.kind === "message" ? found : null;
}

/** A takedown can be undone for half a minute. */
function PutBack({ room, message, onDone }: { room: RoomView; message: Message; onDone: () => void }) {
  const action = useAction();
  const now = useNow(room);
  const { down, seq } = message;
  if (!down || seq === null || down.restored || now >= down.time + UNDO) return <p class="note">{t("down-for-good")}</p>;
  return (
    <div class="stack">
      <Trouble code={action.code} />
      <Button
        idle={action.busy}
        onPress={() =>
          action.run(async () => {
            await room.doing.restore(seq);
            offerUndo({ words: t("restore-done"), undo: null });
            onDone();
          })
        }
      >
        {t("restore-do")}
      </Button>
    </div>
  );
}
