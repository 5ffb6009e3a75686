/** The door, ground rules and notes between facilitators, with made-up people. */
import { type Signal, signal } from "@preact/signals";
import type { DoorsView } from "../../src/room/doorsView";
import type { Note, NotesView } from "../../src/room/notes";
import type { InviteSummary, RoomView } from "../../src/room/types";
import { card } from "./people";

const DAY = 86_400_000;
const LINK = `${location.origin}/i/${card.invite}#kq3XvR8mTzN1bYcW5LdQ0g`;

export function doors(drop: (request: string) => Promise<void>, invites: Signal<readonly InviteSummary[]>): DoorsView {
  return {
    admit: drop,
    admitAll: async () => {
      for (const request of ["r1", "r5"]) await drop(request);
    },
    decline: drop,
    turnAway: async (requests) => {
      for (const request of requests) await drop(request);
    },
    refused: () => Promise.resolve(1),
    forgive: () => Promise.resolve(),
    tellAll: () => Promise.resolve(),
    createInvite: () => Promise.resolve(LINK),
    inviteGuest: () => Promise.resolve(LINK),
    invites: () => Promise.resolve(invites.value),
    revokeInvite: (id) => {
      invites.value = invites.value.filter((invite) => invite.id !== id);
      return Promise.resolve();
    },
  };
}

export function rules(state: string): Pick<RoomView, "rules" | "rulesVersion" | "rulesBefore"> {
  const asked = state === "new_rules";
  const text = asked ? card.rules.replace("Rest, step out", "Please no names of doctors.\nRest, step out") : card.rules;
  return { rules: signal(text), rulesVersion: signal(asked ? 2 : 1), rulesBefore: signal(asked ? card.rules : null) };
}

export function notes(state: string): NotesView {
  const time = Date.now() - DAY;
  const left: readonly Note[] = [
    { id: "n1", by: { id: "moss", pseudonym: "Moss" }, text: "Wren had a hard week. A word before we begin would do her good.", time, expires: time + 14 * DAY, mine: false },
    { id: "n2", by: { id: "hazel", pseudonym: "Hazel" }, text: "We ran over by ten minutes. I would leave the round out next time.", time: time - DAY, expires: time + 13 * DAY, mine: true },
  ];
  const list = signal<readonly Note[] | null>(["admitting", "alone", "owner", "keeping"].includes(state) ? left : []);
  const unread = signal(list.value?.filter(({ mine }) => !mine).length ?? 0);
  return {
    list,
    unread,
    load: () => Promise.resolve(),
    write: () => Promise.resolve(),
    remove: (id) => {
      list.value = (list.value ?? []).filter((note) => note.id !== id);
      return Promise.resolve();
    },
    markRead: () => {
      unread.value = 0;
      return Promise.resolve();
    },
  };
}
