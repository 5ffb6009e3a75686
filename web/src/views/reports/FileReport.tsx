import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import type { ReportKind } from "../../room/recipients";
import type { Message, RoomView, TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { names } from "../../i18n/time";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { Field } from "../shared/Field";
import { Icon } from "../shared/Icon";
import { Mark } from "../shared/Mark";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { messageAt } from "../care/MessageSheet";
import type { InRoom } from "../room/inRoom";
import { passes } from "../room/rights";
import { useKept } from "../kept";
import { useWords } from "../unsent";

/** What a report is about. */
export type About =
  | { readonly kind: "message" | "check"; readonly talk: TalkView; readonly line: number }
  | { readonly kind: "person"; readonly member: string }
  | { readonly kind: "situation" };

/** How many messages besides the one that is meant. */
const AROUND = ["0", "3", "8", "19"] as const;
type Around = (typeof AROUND)[number];

const TITLES = {
  message: "report-title-message",
  check: "report-title-check",
  person: "report-title-person",
  situation: "report-title-situation",
} as const;

/** Telling those who keep the room, after saying who will read it and what goes with it. */
export function FileReport({ room, about, onClose, onGo }: InRoom & { about: About }) {
  const note = useWords(`${room.groupId} report ${placeOf(about)}`, LONGEST.report, "", "talk" in about && passes(room, about.talk));
  const kept = useKept<{ readonly around: Around }>(`${room.groupId} around ${placeOf(about)}`, { around: "0" });
  const { around } = kept.now;
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState(false);
  const action = useAction();
  const found = "line" in about ? messageAt(about.talk, about.line) : null;
  const message = found?.quote ? found : null;
  const accused = about.kind === "person" ? about.member : (message?.sender ?? null);
  const readers = room.reports.readers(about.kind, accused);
  const title = t(TITLES[about.kind]);
  if ("line" in about && !message) return <Nothing title={title} words={t("report-gone")} onClose={onClose} />;
  if (readers.length === 0) {
    return <Nothing title={title} words={t("report-nobody")} next={t("report-nobody-next")} onClose={onClose} />;
  }
  if (sent) {
    return (
      <Sheet title={t("report-sent-title")} onClose={onClose}>
        <p>{t("report-sent", { readers: names(readers) })}</p>
        <p class="soft">{t("report-sent-next")}</p>
        <div class="buttons">
          <Button kind="primary" onPress={onClose}>
            {t("report-sent-close")}
          </Button>
          <Button onPress={() => onGo({ kind: "own-reports" })}>{t("own-reports")}</Button>
        </div>
      </Sheet>
    );
  }
  const wordsNeeded = about.kind === "person" || about.kind === "situation";
  const missing = wordsNeeded && note.given === null;
  const send = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (missing) return;
    action.run(async () => {
      if ("line" in about) await room.reports.reportMessage(about.kind, about.talk.room, about.line, note.given ?? "", Number(around));
      else await room.reports.report(accused, note.given ?? "", Number(around));
      note.done();
      kept.done();
      setSent(true);
    });
  };
  return (
    <Sheet title={title} onClose={onClose}>
      <form class="stack report-form" noValidate onSubmit={send}>
        {message && <Meant message={message} />}
        {about.kind === "check" && <p>{t("report-check-words")}</p>}
        <Field
          label={about.kind === "check" ? t("report-note-check") : t("report-note")}
          {...(wordsNeeded ? {} : { aside: t("optional") })}
          {...note.field}
          lines={4}
          wrong={tried && missing ? t("report-note-missing") : null}
        />
        <Choices
          legend={message ? t("report-around") : t("report-along")}
          value={around}
          options={AROUND.map((value) => ({ value, label: t("report-around-count", { count: Number(value) }) }))}
          onChoose={(to) => kept.set({ around: to })}
        />
        {"talk" in about && around !== "0" && <Along room={room} talk={about.talk} line={about.line} around={Number(around)} />}
        <WhoReads room={room} kind={about.kind} accused={accused} readers={readers} />
        <Trouble code={action.code} />
        <div class="buttons">
          <Button kind="primary" submit idle={action.busy || !note.fits}>
            {action.busy ? t("report-sending") : t("report-send")}
          </Button>
          <Button onPress={onClose}>{t("report-not")}</Button>
        </div>
      </form>
    </Sheet>
  );
}

function placeOf(about: About): string {
  return [about.kind, ...("line" in about ? [about.talk.room, about.line] : "member" in about ? [about.member] : [])].join(" ");
}

function Meant({ message }: { message: Message }) {
  return (
    <blockquote class="report-meant">
      <Mark member={message.sender} />
      <div>
        <b dir="auto">{message.pseudonym}</b>
        <p class="said" dir="auto">
          {message.text}
        </p>
      </div>
    </blockquote>
  );
}

/** Just the messages that would go with it, so that nothing is shown to anyone by accident. */
function Along({ room, talk, line, around }: { room: RoomView; talk: TalkView; line: number; around: number }) {
  const seqs = new Set(room.reports.lines(talk.room, line, around));
  const going = talk.timeline.value.flatMap((item) =>
    item.kind === "message" && item.seq !== null && seqs.has(item.seq) ? [item] : [],
  );
  return (
    <details class="report-along">
      <summary class="tap">{t("report-along-count", { count: going.length })}</summary>
      <ul class="stack">
        {going.map((message) => (
          <li key={message.id}>
            <b dir="auto">{message.pseudonym}</b>{" "}
            <span class="said" dir="auto">
              {message.text}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The words that a person decides by: who reads it, and who does not hear of it. */
function WhoReads({
  room,
  kind,
  accused,
  readers,
}: {
  room: RoomView;
  kind: ReportKind;
  accused: string | null;
  readers: readonly string[];
}) {
  const member = room.members.value.find(({ id }) => id === accused);
  const name = member?.pseudonym;
  return (
    <div class="box with-icon">
      <Icon name="lock" />
      <div class="stack">
        <p>{t("report-readers", { readers: names(readers), count: readers.length })}</p>
        {name !== undefined && kind !== "check" && <p>{t("report-not-told", { name })}</p>}
        {name !== undefined && kind === "check" && <p>{t("report-check-not-told", { name })}</p>}
        {kind === "situation" && <p>{t("report-about-staff")}</p>}
        <p class="note">{t("report-server")}</p>
      </div>
    </div>
  );
}

function Nothing({ title, words, next, onClose }: { title: string; words: string; next?: string; onClose: () => void }) {
  return (
    <Sheet title={title} onClose={onClose}>
      <p>{words}</p>
      {next && <p class="soft">{next}</p>}
      <Button onPress={onClose}>{t("close")}</Button>
    </Sheet>
  );
}
