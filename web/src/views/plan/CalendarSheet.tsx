import { t } from "../../i18n/text";
import { calendarFile } from "../../room/calendar";
import { download } from "../care/download";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Sheet } from "../shared/Sheet";
import { CalendarAddresses } from "./CalendarAddresses";
import { ReminderChoice } from "./ReminderChoice";

/** How not to forget: reminders by this page, a file with everything, or an address that tells only when. */
export function CalendarSheet({ room, onClose, onGo }: InRoom) {
  return (
    <Sheet title={t("calendar")} onClose={onClose} onBack={() => onGo({ kind: "schedule" })}>
      <ReminderChoice />
      <section class="part stack">
        <h3>{t("calendar-address-title")}</h3>
        <p>{t("calendar-address-words")}</p>
        <CalendarAddresses room={room} />
      </section>
      <section class="part stack">
        <h3>{t("calendar-file-title")}</h3>
        <p>{t("calendar-file-words")}</p>
        <Button
          idle={room.plans.sessions.value.length === 0}
          onPress={() => download(calendarFile(room.plans.sessions.value), "appointments.ics", "text/calendar")}
        >
          {t("calendar-file-do")}
        </Button>
      </section>
    </Sheet>
  );
}
