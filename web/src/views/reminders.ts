/** Reminders of sessions, as this person wants them in this browser. Nothing here says of which group. */
import { effect, signal } from "@preact/signals";
import { ofBrowser } from "../platform";
import type { GroupSummary } from "../room/types";

/** Minutes ahead. */
export type Ahead = "off" | "10" | "60";
export const AHEAD: readonly Ahead[] = ["off", "10", "60"];
const SWITCH = ["on", "off"] as const;
type OnOff = (typeof SWITCH)[number];
const MINUTE = 60_000;

export const remindAhead = signal<Ahead>("off");
/** Also by a notification of the system's, where it is not said that there is a group. */
export const remindOutside = signal<OnOff>("off");
/** With the group's name even there. */
export const remindByName = signal<OnOff>("off");

/** Reads what was chosen before and keeps every later change. */
export function startReminders(): void {
  remindAhead.value = AHEAD.find((one) => one === ofBrowser.get("remind")) ?? "off";
  remindOutside.value = SWITCH.find((one) => one === ofBrowser.get("remind-outside")) ?? "off";
  remindByName.value = SWITCH.find((one) => one === ofBrowser.get("remind-name")) ?? "off";
  effect(() => {
    ofBrowser.set("remind", remindAhead.value);
    ofBrowser.set("remind-outside", remindOutside.value);
    ofBrowser.set("remind-name", remindByName.value);
  });
}

/** The group whose session begins within the time that was chosen, the next one first; null for none. */
export function dueAt(groups: readonly GroupSummary[], now: number): GroupSummary | null {
  const ahead = remindAhead.value === "off" ? 0 : Number(remindAhead.value) * MINUTE;
  const due = groups.filter(({ next }) => next !== null && next > now && next - now <= ahead);
  return due.sort((one, other) => (one.next ?? 0) - (other.next ?? 0))[0] ?? null;
}
