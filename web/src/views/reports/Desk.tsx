import type { ReportView } from "../../room/reportViews";
import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { shortTime } from "../../i18n/time";
import { Each } from "../shared/Each";
import { Icon } from "../shared/Icon";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import type { InRoom } from "../room/inRoom";
import { useLoad } from "./load";
import { nameFirst, nameOf } from "./reader";

/** The reports that this person can read: those that wait first. */
export function Desk({ room, onClose, onGo }: InRoom) {
  const reports = room.reports.list.value;
  const trouble = useLoad(() => room.reports.load());
  const waiting = reports?.filter(({ open }) => open) ?? [];
  const seenTo = reports?.filter(({ open }) => !open) ?? [];
  const rows = (some: readonly ReportView[]) => (
    <div class="rows">
      <Each
        of={some}
        by={({ id }) => id}
        as="p"
        draw={(report) => <Row room={room} report={report} onOpen={() => onGo({ kind: "desk-report", report: report.id })} />}
      />
    </div>
  );
  return (
    <Sheet title={t("desk-title")} onClose={onClose} onBack={() => onGo({ kind: "menu" })}>
      <Trouble code={trouble} />
      {reports?.length === 0 && <p class="soft">{t("desk-none")}</p>}
      {waiting.length > 0 && rows(waiting)}
      {seenTo.length > 0 && (
        <>
          <h3>{t("desk-resolved")}</h3>
          {rows(seenTo)}
        </>
      )}
      <p class="note">{t("desk-kept")}</p>
    </Sheet>
  );
}

function Row({ room, report, onOpen }: { room: RoomView; report: ReportView; onOpen: () => void }) {
  const reporter = nameFirst(room, report.reporter);
  const words =
    report.kind === "check"
      ? t("desk-row-check", { name: reporter })
      : report.accused === null
        ? t("desk-row-situation", { name: reporter })
        : t("desk-row-about", { name: reporter, who: nameOf(room, report.accused) });
  const proof = report.proved === null ? null : report.proved ? t("desk-proved") : t("desk-not-proved");
  const aside = [proof, report.assigned && t("desk-assigned", { name: nameFirst(room, report.assigned) }), shortTime(report.time, room.now())];
  return (
    <button type="button" class="row" onClick={onOpen}>
      <Icon name={report.kind === "check" ? "eye" : "note"} />
      <span class="row-words">
        <b>{words}</b>
        <span class="note">{aside.filter(Boolean).join(" · ")}</span>
      </span>
      <Icon name="on" />
    </button>
  );
}
