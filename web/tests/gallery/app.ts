/** The app with made-up people, in a state of one's choice: `?state=`. */
import { signal } from "@preact/signals";
import { AppError } from "../../src/room/errors";
import { remindAhead } from "../../src/views/reminders";
import type { Account, App, Connection, Elsewhere, GroupSummary, PendingJoin } from "../../src/room/types";
import { GROUP, card } from "./people";
import { galleryRoom } from "./room";

const UNUSABLE = ["invite_expired", "invite_used_up", "invite_revoked", "invite_unknown", "link_broken", "wrong_card"];

function summary(state: string): GroupSummary {
  const status = galleryRoom(state).status.value;
  const waiting = state === "admitting" ? 2 : 0;
  return { id: GROUP, name: card.name, memberCount: 7, unread: 3, lastText: "She asked what would help.", lastTime: Date.now() - 480_000, waiting, asking: state === "asked" ? 1 : 0, next: nextIn(state), status };
}

function nextIn(state: string): number | null {
  if (state !== "reminded") return galleryRoom(state).plans.sessions.value[0]?.start ?? null;
  remindAhead.value = "10";
  return Date.now() + 9 * 60_000;
}

function groupsIn(state: string): readonly GroupSummary[] {
  if (["visitor", "nothing", "unread_here", ...UNUSABLE].includes(state)) return [];
  const other = { memberCount: 4, unread: 0, waiting: 0, asking: 0, next: null, status: "live" } as const;
  return [
    summary(state),
    { ...other, id: "g2", name: "Carers, Thursday mornings", lastText: "Thank you for last week.", lastTime: Date.now() - 3 * 86_400_000 },
    { ...other, id: "g3", name: "صباح الخير", lastText: null, lastTime: null },
  ];
}

function pendingIn(state: string): readonly PendingJoin[] {
  const status = (["waiting", "admitted", "declined", "closed", "ended", "expired", "trouble"] as const).find((known) => `join_${known}` === state);
  const told = state === "join_locked" || state === "join_declined_kindly";
  const word = told ? { from: "Fern", text: state === "join_locked" ? "We begin in ten minutes." : "Tonight is full. You are welcome another time." } : null;
  const known = state === "join_locked" || state === "join_unseen" ? "waiting" : state === "join_declined_kindly" ? "declined" : status;
  return known ? [{ request: "r1", card, pseudonym: "Hazel", note: "", status: known, word, locked: state === "join_locked", ended: known === "ended" ? "rules_changed" : null, seen: state !== "join_unseen" }] : [];
}

function elsewhereIn(state: string): readonly Elsewhere[] {
  if (state !== "unread_here") return [];
  return [
    { group: "another", role: "member" },
    { group: "g4", role: "owner" },
  ];
}

function unsentIn(): App["unsent"] {
  const words = new Map<string, string>();
  return {
    get: (place) => words.get(place) ?? null,
    set: (place, text) => {
      if (text === null) words.delete(place);
      else words.set(place, text);
    },
  };
}

export function galleryApp(state: string): App {
  const known: Account = { id: "a1", handle: "quiet-otter", deviceOnly: state === "device" };
  const visitor = state === "visitor" || UNUSABLE.includes(state);
  const account = signal<Account | null | undefined>(state === "opening" ? undefined : visitor ? null : known);
  const connection: Connection = state === "blocked" ? "blocked" : state === "offline" ? "offline" : "online";
  const pending = signal(pendingIn(state));
  const rooms = new Map([[GROUP, galleryRoom(state)]]);
  const enter = (handle: string): Promise<void> => {
    account.value = { ...known, handle };
    return Promise.resolve();
  };
  return {
    account,
    connection: signal(connection),
    groups: signal(state.startsWith("join_") ? [] : groupsIn(state)),
    pending,
    elsewhere: signal(elsewhereIn(state)),
    trouble: signal(state === "storage_refused" || state === "old_browser" ? state : null),
    now: () => Date.now(),
    clockWrongBy: signal(state === "clock_wrong" ? -3 * 3_600_000 : 0),
    register: (handle) => (handle === "taken" ? Promise.reject(new AppError("handle_taken")) : enter(handle)),
    registerDeviceOnly: () => enter("quiet-otter-4f2a9c"),
    login: (handle) => (handle === "wrong" ? Promise.reject(new AppError("wrong_login")) : enter(handle)),
    logout: () => {
      account.value = null;
      return Promise.resolve();
    },
    createGroup: () => Promise.resolve(GROUP),
    readInvite: () => ([...UNUSABLE, "offline"].includes(state) ? Promise.reject(new AppError(state)) : Promise.resolve({ ...card, group: "another", guest: state === "guest" ? { segment: "Pacing, with a nurse", minutes: 20 } : null })),
    askToJoin: (_code, pseudonym, note) => {
      pending.value = [{ request: "r1", card, pseudonym, note, status: "waiting", word: null, locked: false, ended: null, seen: true }];
      return Promise.resolve();
    },
    withdraw: () => {
      pending.value = [];
      return Promise.resolve();
    },
    room: (id) => rooms.get(id) ?? null,
    useHere: () => Promise.resolve(),
    beginAnew: () => Promise.resolve(),
    unsent: unsentIn(),
    shield: signal(state === "shielded" ? ["garden"] : []),
    sealDeeds: () => Promise.resolve("{}"),
    openDeeds: () => Promise.reject(new AppError("not_opened")),
    setShield: () => Promise.resolve(),
  };
}
