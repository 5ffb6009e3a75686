/** A room that answers at once and sends nothing anywhere. */
import { signal } from "@preact/signals";
import { AppError } from "../../src/room/errors";
import type { InviteSummary, Message, Role, RoomStatus, RoomView, TimelineItem, WaitingPerson } from "../../src/room/types";
import { ballots } from "./ballots";
import { reports } from "./reports";
import { care, changed, inState, roleIn } from "./care";
import { furtherIn } from "./further";
import { plans } from "./plans";
import { liveParts } from "./live";
import { doors, notes, rules } from "./doors";
import { passing } from "./passing";
import { spoilt } from "./spoiled";
import { GROUP, ROOM, card, members, mine, talk } from "./people";

const DAY = 86_400_000;

const STATUS: Readonly<Record<string, RoomStatus>> = {
  loading: "loading",
  catching_up: "catching_up",
  offline: "offline",
  rekeying: "rekeying",
  left: "left",
  removed: "removed",
  thanked: "thanked",
  removed_why: "removed",
  banned: "removed",
  refused: "refused",
  moved: "moved",
  elsewhere: "elsewhere",
  halted: "halted",
  in_round_halted: "halted",
};

function waitingPeople(state: string): readonly WaitingPerson[] {
  if (state !== "admitting" && state !== "keeping" && state !== "crowd" && state !== "spoilt") return [];
  const since = Date.now() - 90_000;
  const plain = { note: "", since, genuine: true, unopened: null, replaces: null, visit: null, removed: false, muted: null, listening: false, asStaff: false, invite: "i1" };
  if (state === "crowd") {
    const names = ["Lark", "Lark", "Moss", "Fern", "Aspen"];
    const unopened = { ...plain, request: "r9", pseudonym: "", genuine: false, comesAs: null, unopened: ["Fern", "Alder"] };
    const known = names.map((pseudonym, at) => ({
      ...plain, request: `r${at}`, pseudonym, comesAs: ["Moss", "Fern"].includes(pseudonym) ? `${pseudonym} 2` : pseudonym,
      asStaff: pseudonym === "Fern", muted: pseudonym === "Lark" && at === 1 ? { until: null, session: false } : null, removed: pseudonym === "Aspen",
    }));
    return [...known, unopened];
  }
  const asking: readonly Omit<WaitingPerson, "removed" | "muted" | "listening" | "asStaff" | "invite" | "comesAs">[] = [
    { request: "r1", pseudonym: "Lark", note: "Moss told me about you. I have had ME since 2021.", since, genuine: true, unopened: null, replaces: null, visit: null },
    { request: "r2", pseudonym: "Robin", note: "", since, genuine: false, unopened: null, replaces: null, visit: null },
    { request: "r3", pseudonym: "Wren", note: "A new phone.", since, genuine: true, unopened: null, replaces: { pseudonym: "Wren", allowed: true }, visit: null },
    { request: "r5", pseudonym: "Heron", note: "I am the nurse you wrote to.", since, genuine: true, unopened: null, replaces: null, visit: { segment: "Pacing, with a nurse", minutes: 20 } },
    { request: "r4", pseudonym: "Sorrel", note: "", since, genuine: true, unopened: null, replaces: { pseudonym: "Fern", allowed: false }, visit: null },
  ];
  return asking.map((one, at) => ({ ...plain, ...one, invite: `i${at}`, comesAs: one.pseudonym }));
}

function shown(state: string, people: ReturnType<typeof members>): readonly TimelineItem[] {
  if (state === "empty" || state === "alone" || state === "loading") return [];
  const said = changed(state, talk(people, Date.now() - 20 * 60_000));
  if (state === "offline") return [...said, mine(people, "sending", "I will write more tomorrow.", null)];
  if (state === "failed") return [...said, mine(people, "failed", "Can I say one more thing?", "unavailable")];
  return said;
}

export function galleryRoom(state: string): RoomView {
  return state === "spoilt" ? spoilt(roomIn(state)) : roomIn(state);
}

function roomIn(state: string): RoomView {
  const role: Role = ["admitting", "alone", "crowd", "owner", "planning", "spoilt"].includes(state) ? "owner" : roleIn(state);
  const everyone = inState(state, members(role));
  const people = signal(state === "alone" ? everyone.filter((person) => person.me) : everyone);
  const timeline = signal(shown(state, everyone));
  const waiting = signal(waitingPeople(state));
  const call = signal<RoomView["call"]["value"]>(null);
  const warnings = signal(STATUS[state] === "halted" ? [{ id: "w1", code: "unannounced_change", time: Date.now(), who: [] }] : []);
  const invites = signal<readonly InviteSummary[]>([{ id: "i1", uses: 5, used: 2, expires: Date.now() + 3 * DAY, link: null, guest: false }]);
  const drop = (request: string): Promise<void> => {
    waiting.value = waiting.value.filter((person) => person.request !== request);
    return Promise.resolve();
  };
  return {
    groupId: GROUP,
    room: ROOM,
    name: signal(card.name),
    welcome: signal(card.welcome),
    ...rules(state),
    status: signal(STATUS[state] ?? "live"),
    me: signal(everyone.find((person) => person.me) ?? null),
    members: people,
    timeline,
    goesOn: signal(false),
    unread: signal(0),
    readUpTo: signal(state === "unread" ? 13 : 99),
    waiting,
    warnings,
    further: signal(furtherIn(state, everyone)),
    passing: passing(state, everyone),
    openStaff: () => Promise.reject(new AppError("offline")),
    aside: () => Promise.reject(new AppError("offline")),
    call,
    askForHelp: () => {
      call.value = state === "offline" ? "waiting" : "unreached";
      return Promise.resolve();
    },
    sayOk: () => {
      call.value = null;
      return Promise.resolve();
    },
    ...care(state, people),
    ...liveParts(state, everyone),
    reports: reports(state, everyone, timeline.value),
    plans: plans(state),
    ballots: ballots(state),
    sendCard: () => Promise.resolve(),
    lookBack: () => Promise.resolve(),
    send: (text) => {
      const sent: Message = { ...mine(everyone, "sent", text, null), seq: 100 + timeline.value.length };
      timeline.value = [...timeline.value, sent];
      return Promise.resolve();
    },
    retry: () => Promise.reject(new AppError("offline")),
    discard: (id) => {
      timeline.value = timeline.value.filter((item) => item.id !== id);
      return Promise.resolve();
    },
    draft: () => "",
    saveDraft: () => undefined,
    markRead: () => undefined,
    doors: doors(drop, invites),
    notes: notes(state),
    doubts: { list: signal(state === "keeping" ? [{ author: "Wren", by: ["Moss", "Hazel"], barred: true }] : []), load: () => Promise.resolve() },
    leave: () => Promise.reject(new AppError("offline")),
    acknowledgeWarning: (id) => {
      warnings.value = warnings.value.filter((warning) => warning.id !== id);
      return Promise.resolve();
    },
  };
}
