import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/text";
import { later } from "../net/later";
import { ofBrowser } from "../platform";
import type { ClockNote, Reminder, RoomPage } from "./room/RoomPage";
import { Button } from "./shared/Button";
import { Skeleton } from "./shared/Skeleton";
import { Statement } from "./shared/Statement";

const part = signal<{ readonly RoomPage: typeof RoomPage; readonly Reminder: typeof Reminder; readonly ClockNote: typeof ClockNote } | null>(null);

async function fetchPart(): Promise<void> {
  part.value = await later("RoomPage", () => import("./room/RoomPage"));
}

/** A group's room, or a further one of it, once its part of the pages is here. */
export function RoomPart({ group, further }: { group: string; further?: string }) {
  const [failed, setFailed] = useState(false);
  const here = part.value;
  useEffect(() => {
    if (!here && !failed) fetchPart().catch(() => setFailed(true));
  }, [here, failed]);
  if (here) return <here.RoomPage group={group} further={further} />;
  if (!failed) return <Skeleton name={t("room-page")} />;
  return (
    <Statement page={t("room-page")} icon="offline" title={t("part-title")} words={[t("part-words")]}>
      <Button kind="primary" onPress={() => setFailed(false)}>
        {t("try-again")}
      </Button>
      <Button onPress={() => location.reload()}>{t("part-reload")}</Button>
    </Statement>
  );
}

/** Reminders, and a word on a wrong clock, come with that part: it is fetched where the person asked for some. */
export function ReminderPart() {
  const here = part.value;
  useEffect(() => {
    if (!here && (ofBrowser.get("remind") ?? "off") !== "off") fetchPart().catch(() => undefined);
  }, [here]);
  return (
    here && (
      <>
        <here.Reminder />
        <here.ClockNote />
      </>
    )
  );
}
