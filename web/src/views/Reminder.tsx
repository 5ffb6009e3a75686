import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/text";
import { clock } from "../i18n/time";
import { notify } from "../platform";
import type { GroupSummary } from "../room/types";
import { useApp } from "./context";
import { dueAt, remindByName, remindOutside } from "./reminders";
import { Button } from "./shared/Button";
import { Icon } from "./shared/Icon";

/** Milliseconds between two looks at the clock. */
const LOOK = 15_000;

/** "Slow Tuesdays begins at 7:30 pm", once for each session, where the person asked to be reminded. */
export function Reminder() {
  const app = useApp();
  const [now, setNow] = useState(() => app.now());
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const timer = setInterval(() => setNow(app.now()), LOOK);
    return () => clearInterval(timer);
  }, [app]);
  const due = dueAt(app.groups.value.filter((group) => !seen.has(nameOf(group))), now);
  const { name = "", next = null } = due ?? {};
  useEffect(() => {
    if (next !== null && remindOutside.peek() === "on") tellOutside(name, next);
  }, [name, next]);
  return (
    <div role="status">
      {due && next !== null && (
        <aside class="reminder" aria-labelledby="reminder">
          <Icon name="clock" />
          <p id="reminder" dir="auto">{t("reminder-soon", { name, time: clock(next) })}</p>
          <Button small onPress={() => setSeen(new Set([...seen, nameOf(due)]))}>
            {t("close")}
          </Button>
        </aside>
      )}
    </div>
  );
}

/** What a session is known by. */
function nameOf({ id, next }: GroupSummary): string {
  return `${id} ${next}`;
}

/** A notification stands where others may look, so it says no more than it has to. */
function tellOutside(name: string, next: number): void {
  const body = remindByName.peek() === "on" ? t("reminder-soon", { name, time: clock(next) }) : "";
  void notify(t("reminder-appointment"), { body, tag: "appointment" });
}
