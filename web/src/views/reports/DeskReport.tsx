import { useState } from "preact/hooks";
import type { QuotedLine, ReportEntry, ReportView } from "../../room/reportViews";
import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { clock, fullTime, machineTime, names, shortTime } from "../../i18n/time";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { Mark } from "../shared/Mark";
import { Row } from "../shared/Row";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { messageAt } from "../care/MessageSheet";
import type { InRoom } from "../room/inRoom";
import { mayTakeDown } from "../room/rights";
import { talkOf } from "../session/talk";
import { AddNote, Resolve } from "./DeskForms";
import { nameFirst, nameOf } from "./reader";

/** One report: who wrote, what is proved, what was said around it, what was written about it, and what can be done. */
export function DeskReport({ room, onClose, onGo, report: id }: InRoom & { report: string }) {
  const [doing, setDoing] = useState<"nothing" | "note" | "resolve">("nothing");
  const reports = room.reports.list.value ?? [];
  const report = reports.find((one) => one.id === id);
  const back = (): void => (doing === "nothing" ? onGo({ kind: "desk" }) : setDoing("nothing"));
  if (!report) {
    return (
      <Sheet title={t("desk-title")} onClose={onClose} onBack={back}>
        <p>{t("desk-gone")}</p>
      </Sheet>
    );
  }
  const open = reports.filter((one) => one.open);
  const place = open.findIndex((one) => one.id === id) + 1;
  const title = place > 0 ? t("desk-report-of", { number: place, count: open.length }) : t("desk-report");
  return (
    <Sheet title={title} onClose={onClose} onBack={back}>
      <p class="with-icon note">
        <Icon name="lock" />
        <span>{t("desk-readers", { readers: names(report.readers.map((one) => nameOf(room, one))) })}</span>
      </p>
      {doing === "note" && <AddNote room={room} report={report} onDone={() => setDoing("nothing")} />}
      {doing === "resolve" && <Resolve room={room} report={report} onDone={() => onGo({ kind: "desk" })} />}
      {doing === "nothing" && (
        <>
          <Said room={room} report={report} />
          <Proof room={room} report={report} />
          <Lines room={room} report={report} />
          <Entries room={room} entries={report.entries} />
          <Deeds room={room} report={report} onGo={onGo} onNote={() => setDoing("note")} onResolve={() => setDoing("resolve")} />
        </>
      )}
    </Sheet>
  );
}

function Said({ room, report }: { room: RoomView; report: ReportView }) {
  const wrote = t(report.kind === "check" ? "desk-asks" : "desk-wrote", {
    name: nameFirst(room, report.reporter),
    time: shortTime(report.time, room.now()),
  });
  return (
    <div class="stack">
      <p class="with-icon note">
        <Mark member={report.reporter.id} />
        <span>{wrote}</span>
      </p>
      {report.note !== "" && (
        <p class="report-note said" dir="auto">
          {t("quoted", { words: report.note })}
        </p>
      )}
      {report.accused && <p>{t("desk-about", { name: nameOf(room, report.accused) })}</p>}
    </div>
  );
}

/** In plain words, whether the message was written just so, by that person. */
function Proof({ room, report }: { room: RoomView; report: ReportView }) {
  if (report.proved === null || !report.accused) return null;
  const name = report.proved ? nameFirst(room, report.accused) : nameOf(room, report.accused);
  return (
    <div class={`report-proof${report.proved ? "" : " amber"}`}>
      <Icon name={report.proved ? "check" : "look"} />
      <p>
        <b>{report.proved ? t("desk-proved-word") : t("desk-not-proved-word")}</b>{" "}
        {report.proved ? t("desk-proved-words", { name }) : t("desk-not-proved-words", { name })}
      </p>
    </div>
  );
}

function Lines({ room, report }: { room: RoomView; report: ReportView }) {
  if (report.lines.length === 0) return null;
  return (
    <div class="report-lines">
      <ul>
        {report.lines.map((line) => (
          <Line key={line.seq} room={room} line={line} meant={line.seq === report.line} />
        ))}
      </ul>
      <p class="note">{t("desk-lines", { name: nameFirst(room, report.reporter), count: report.lines.length })}</p>
    </div>
  );
}

function Line({ room, line, meant }: { room: RoomView; line: QuotedLine; meant: boolean }) {
  return (
    <li class="report-line" data-meant={meant ? "" : undefined}>
      <Mark member={line.sender.id} />
      <div>
        <p class="said-who">
          <b dir="auto">{nameFirst(room, line.sender)}</b>
          <time class="note" dateTime={machineTime(line.time)} title={fullTime(line.time)}>
            {clock(line.time)}
          </time>
          {meant && <span class="unseen">{t("desk-line-meant")}</span>}
        </p>
        <p class="said" dir="auto">
          {line.text}
        </p>
        {!line.proved && <p class="note">{t("desk-line-not-proved")}</p>}
      </div>
    </li>
  );
}

const ENTRY_WORDS = {
  note: "desk-entry-note",
  resolve: "desk-entry-resolve",
  reopen: "desk-entry-reopen",
} as const;

function Entries({ room, entries }: { room: RoomView; entries: readonly ReportEntry[] }) {
  if (entries.length === 0) return null;
  const words = ({ kind, by, member }: ReportEntry): string => {
    const name = nameFirst(room, by);
    if (kind !== "assign") return t(ENTRY_WORDS[kind], { name });
    return member ? t("desk-entry-assign", { name, who: nameOf(room, member) }) : t("desk-entry-let-go", { name });
  };
  return (
    <section class="stack">
      <h3>{t("desk-entries")}</h3>
      <ol class="stack report-entries">
        {entries.map((entry) => (
          <li key={entry.id} class="box">
            <p class="why">
              {words(entry)} · {shortTime(entry.time, room.now())}
            </p>
            {entry.text !== "" && (
              <p class="said" dir="auto">
                {entry.text}
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

interface DeedsProps {
  readonly room: RoomView;
  readonly report: ReportView;
  readonly onGo: InRoom["onGo"];
  readonly onNote: () => void;
  readonly onResolve: () => void;
}

function Deeds({ room, report, onGo, onNote, onResolve }: DeedsProps) {
  const action = useAction();
  const me = room.me.value;
  const { accused, line } = report;
  const mine = report.assigned !== null && report.assigned.id === me?.id;
  const present = accused !== null && room.members.value.some(({ id }) => id === accused.id);
  // In another room that is the number of another message.
  const talk = [room, talkOf(room)].find((one) => one.room === report.room);
  const message = line === null || !talk ? null : messageAt(talk, line);
  const stands = message !== null && message.quote !== null;
  return (
    <div class="stack">
      <Trouble code={action.code} />
      {report.kind === "message" && report.open && line !== null && stands && talk === room && mayTakeDown(room, message) && (
        <Button kind="primary" onPress={() => onGo({ kind: "take-down", seq: line })}>
          {t("down-open")}
        </Button>
      )}
      {report.kind === "check" && line !== null && talk && stands && (
        <Button kind="primary" onPress={() => onGo({ kind: "card", talk, seq: line })}>
          {t("desk-answer-card")}
        </Button>
      )}
      <div class="rows">
        {present && (
          <Row icon="person" words={t("desk-person", { name: nameOf(room, accused) })} onPress={() => onGo({ kind: "person", member: accused.id })} />
        )}
        {report.open && me && (
          <Row
            icon="person"
            words={mine ? t("desk-let-go") : t("desk-take")}
            onPress={() => action.run(() => room.reports.assign(report.id, mine ? null : me.id))}
          />
        )}
        <Row icon="note" words={t("desk-add-note")} onPress={onNote} />
        {report.open ? (
          <Row icon="check" words={t("desk-resolve")} onPress={onResolve} />
        ) : (
          <Row icon="again" words={t("desk-reopen")} onPress={() => action.run(() => room.reports.reopen(report.id))} />
        )}
      </div>
    </div>
  );
}
