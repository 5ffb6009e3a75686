import { useState } from "preact/hooks";
import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import { mayNotify, notify } from "../../platform";
import { AHEAD, remindAhead, remindByName, remindOutside, type Ahead } from "../reminders";
import { Choices } from "../shared/Choices";
import { Switch } from "../shared/Switch";

const AHEAD_WORDS: Readonly<Record<Ahead, MessageId>> = { off: "remind-off", "10": "remind-ten", "60": "remind-hour" };

/** Whether this browser reminds of sessions, and how openly. */
export function ReminderChoice() {
  const [denied, setDenied] = useState(false);
  const outside = async (on: boolean): Promise<void> => {
    // The first one shows at once that it comes, and how little it says; where none does, the switch stays off.
    const allowed = !on || ((await mayNotify()) && (await notify(t("reminder-appointment"), { tag: "appointment" })));
    setDenied(!allowed);
    remindOutside.value = on && allowed ? "on" : "off";
  };
  return (
    <section class="part stack">
      <h3>{t("remind-title")}</h3>
      <Choices
        legend={t("remind-legend")}
        value={remindAhead.value}
        options={AHEAD.map((value) => ({ value, label: t(AHEAD_WORDS[value]) }))}
        onChoose={(value) => (remindAhead.value = value)}
      />
      <p class="note">{t("remind-limit")}</p>
      {remindAhead.value !== "off" && (
        <>
          <Switch
            label={t("remind-outside")}
            hint={t("remind-outside-hint")}
            on={remindOutside.value === "on"}
            onChange={(on) => void outside(on)}
          />
          {denied && <p class="box amber">{t("remind-denied")}</p>}
          {remindOutside.value === "on" && (
            <Switch
              label={t("remind-name")}
              hint={t("remind-name-hint")}
              on={remindByName.value === "on"}
              onChange={(on) => (remindByName.value = on ? "on" : "off")}
            />
          )}
        </>
      )}
    </section>
  );
}
