/** Rooms in which someone is muted, listens, is asked to take a role, or has looked after things. */
import { signal, type Signal } from "@preact/signals";
import type { Deed, Doing, Member, Role, RoomView, Silenced, TimelineItem, Who } from "../../src/room/types";
import { LEADING, waitsIn } from "./live";

const MINUTE = 60_000;
const FERN: Who = { id: "f1cXq0Kd6bA7wP2mZr4TEg", pseudonym: "Fern" };
const SPARROW: Who = { id: "sP2wJc8DkA4yHm7BvTf1Zw", pseudonym: "Sparrow" };
const HAZEL: Who = { id: "hZ9eLr3QnX7uCg5MwVb2Kg", pseudonym: "Hazel" };
const CARD = { title: "Resting after an effort", line: 11, about: "Juniper" };
const CARD_TEXT = "Many of us do well with rest before we need it. The ME Association has a short leaflet; ask your doctor about yours.";
const WHY = "We leave medicines to doctors here, so that no one gets hurt. I would like to hear how you are.";

export function roleIn(state: string): Role {
  return ["moderating", "quiet_staff", "desk", "asked", "keeping", "parting", ...LEADING].includes(state) ? "facilitator" : "member";
}

/** Some of the people as they are in this state. */
export function inState(state: string, people: readonly Member[]): readonly Member[] {
  if (state === "new_rules") return people.map((one) => (one.me || one.pseudonym === "Wren" ? { ...one, agreed: false } : one));
  if (state !== "moderating") return people;
  const until = Date.now() + 4 * MINUTE;
  return people.map((one) => {
    if (one.pseudonym === "Sparrow") return { ...one, muted: { until, session: false } };
    if (one.pseudonym === "Wren") return { ...one, listening: true };
    if (one.pseudonym === "Moss") return { ...one, role: "guest" };
    return one.pseudonym === "Alder" ? { ...one, away: true } : one.pseudonym === "Juniper" ? { ...one, blocked: true } : one;
  });
}

/** The conversation with a message taken down, one folded away, and one's own taken down. */
export function changed(state: string, items: readonly TimelineItem[]): readonly TimelineItem[] {
  if (state === "card") return items.map((item) => (item.kind === "message" && item.id === "m6" ? { ...item, card: CARD, text: CARD_TEXT } : item));
  if (state !== "moderating" && state !== "taken_down") return items;
  const down = { by: "Fern", time: Date.now() - MINUTE, reason: null, restored: false };
  return items.map((item): TimelineItem => {
    if (item.kind !== "message") return item;
    if (item.id === "m4") return { ...item, folded: { note: "A night in hospital", by: null } };
    if (item.id === "m3") return { ...item, folded: { note: "Work", by: "Fern" } };
    if (item.id === "m5") return { ...item, text: "", quote: null, down: { ...down, reason: WHY } };
    return item.id === "m7" ? { ...item, text: "", quote: null, down } : item;
  });
}

const NOTHING = { role: null, length: null, on: null, line: null, days: null, ban: null, reasoned: false, reason: null };

function deedsIn(state: string): readonly Deed[] {
  const at = (minutes: number): number => Date.now() - minutes * MINUTE;
  if (state === "removed_why" || state === "banned") {
    return [{ ...NOTHING, seq: 9, time: at(1), what: "remove", by: FERN, whom: HAZEL, ban: state === "banned", reasoned: true, reason: WHY }];
  }
  return [
    { ...NOTHING, seq: 1, time: at(4000), what: "create", by: FERN, whom: null },
    { ...NOTHING, seq: 2, time: at(3000), what: "admit", by: FERN, whom: HAZEL, role: "member" },
    { ...NOTHING, seq: 5, time: at(90), what: "retain", by: FERN, whom: null, days: 30 },
    { ...NOTHING, seq: 7, time: at(30), what: "mute_all", by: FERN, whom: null, on: true },
    { ...NOTHING, seq: 8, time: at(29), what: "take_down", by: FERN, whom: SPARROW, line: 12, reasoned: true },
    { ...NOTHING, seq: 9, time: at(1), what: "mute", by: FERN, whom: SPARROW, length: 300, reasoned: true, reason: WHY },
  ];
}

function silencedIn(state: string): Silenced | null {
  const since = Date.now() - MINUTE;
  const muted = { why: "muted", since, until: since + 5 * MINUTE, session: false, by: "Fern", reason: WHY } as const;
  switch (state) {
    case "muted":
    case "in_round_muted":
      return muted;
    case "muted_for_good":
      return { ...muted, until: null, reason: null };
    case "listening":
    case "quiet":
      return { why: state };
    case "new_rules":
      return { why: "agree_first" };
    default:
      return waitsIn(state);
  }
}

type Care = Pick<
  RoomView,
  "charter" | "days" | "quiet" | "silenced" | "offer" | "banned" | "former" | "audit" | "doing" | "now" | "fold" | "stepOut" | "block"
>;

export function care(state: string, people: Signal<readonly Member[]>): Care {
  const done = (): Promise<void> => Promise.resolve();
  const change = (id: string, part: Partial<Member>): Promise<void> => {
    people.value = people.value.map((one) => (one.id === id ? { ...one, ...part } : one));
    return Promise.resolve();
  };
  const quiet = signal(state === "quiet" || state === "quiet_staff");
  const doing: Doing = {
    remove: (id) => {
      people.value = people.value.filter((person) => person.id !== id);
      return Promise.resolve();
    },
    unban: done,
    mute: (id) => change(id, { muted: { until: Date.now() + 5 * MINUTE, session: false } }),
    unmute: (id) => change(id, { muted: null }),
    muteAll: (on) => {
      quiet.value = on;
      return Promise.resolve();
    },
    letSpeak: (id) => change(id, { listening: false }),
    takeDown: done,
    restore: done,
    offerRole: (id, role) => change(id, { offered: role }),
    endOffer: (id) => change(id, { offered: null }),
    accept: done,
    demote: (id, role) => change(id, { role }),
    stepDown: done,
    retain: done,
    writeCharter: done,
    writeRules: done,
    renameGroup: done,
    writeWelcome: done,
    rename: done,
    agree: done,
  };
  return {
    charter: signal("I look after the room, I do not rule it.\nI give a reason, in plain and kind words.\nWhen I am tired or ill I step back."),
    days: signal(30),
    quiet,
    silenced: signal(silencedIn(state)),
    offer: signal(state === "offered" ? { role: "moderator", by: "Fern" } : null),
    former: signal([]),
    banned: signal(state === "moderating" || state === "spoilt" ? [{ id: "bN5rKw8YtH2mQf6ZxVc3Jg", pseudonym: "Thorn" }] : []),
    audit: signal(deedsIn(state)),
    doing,
    now: () => Date.now(),
    fold: done,
    stepOut: done,
    block: (id, blocked) => change(id, { blocked }),
  };
}
