import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/text";
import { later } from "../net/later";
import { ofBrowser } from "../platform";
import type * as RoomPageModule from "./room/RoomPage";
import { Button } from "./shared/Button";
import { Skeleton } from "./shared/Skeleton";
import { Statement } from "./shared/Statement";

type Part = typeof RoomPageModule;

const part = signal<Part | null>(null);

async function fetchPart(): Promise<void> {
  part.value = await later("RoomPage", () => import("./room/RoomPage"));
}

/** A screen that nobody sees at first, such as a group's room, once its part of the pages is here. */
export function RoomPart({ name, screen }: { name: string; screen: (part: Part) => VNode }) {
  const [failed, setFailed] = useState(false);
  const here = part.value;
  useEffect(() => {
    if (!here && !failed) fetchPart().catch(() => setFailed(true));
  }, [here, failed]);
  if (here) return screen(here);
  if (!failed) return <Skeleton name={name} />;
  return (
    <Statement page={name} icon="offline" title={t("part-title")} words={[t("part-words")]}>
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

/** So does what the keys do; where it cannot be fetched, the key does nothing. */
export function KeyMapPart({ onClose }: { onClose: () => void }) {
  const here = part.value;
  useEffect(() => {
    if (!here) fetchPart().catch(onClose);
  }, [here, onClose]);
  return here && <here.KeyMap onClose={onClose} />;
}
