import type { OwnReport } from "../../room/reportViews";
import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { fullTime } from "../../i18n/time";
import { Each } from "../shared/Each";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import type { InRoom } from "../room/inRoom";
import { useLoad } from "./load";
import { nameOf } from "./reader";

/** What became of one's own reports. */
export function OwnReports({ room, onClose, onGo }: InRoom) {
  const reports = room.reports.own.value;
  const trouble = useLoad(() => room.reports.loadOwn());
  return (
    <Sheet title={t("own-reports")} onClose={onClose} onBack={() => onGo({ kind: "menu" })}>
      <p class="soft">{t("own-reports-words")}</p>
      <Trouble code={trouble} />
      {reports?.length === 0 && <p>{t("own-reports-none")}</p>}
      {reports && reports.length > 0 && (
        <ul class="stack">
          <Each
            of={reports}
            by={({ id }) => id}
            draw={(report) => (
              <li class="box">
                <Own room={room} report={report} />
              </li>
            )}
          />
        </ul>
      )}
    </Sheet>
  );
}

function Own({ room, report }: { room: RoomView; report: OwnReport }) {
  const { kind, accused } = report;
  const about =
    kind === null
      ? t("own-report-elsewhere")
      : accused === null
        ? t("own-report-situation")
        : t(kind === "check" ? "own-report-check" : "own-report-about", { name: nameOf(room, accused) });
  return (
    <>
      <h3>{about}</h3>
      <p class="why">{fullTime(report.time)}</p>
      {report.note && (
        <p class="said" dir="auto">
          {report.note}
        </p>
      )}
      <p>
        <b>{report.open ? t("own-report-open") : t("own-report-resolved")}</b>
      </p>
      {report.answers.map((answer) => (
        <blockquote key={answer} class="said report-answer" dir="auto">
          {answer}
        </blockquote>
      ))}
    </>
  );
}
