/** The staff room, and asides in which someone asks for help. */
import { signal } from "@preact/signals";
import { AppError } from "../../src/room/errors";
import type { FurtherView, Member, TimelineItem } from "../../src/room/types";
import type { Purpose } from "../../src/room/furtherState";
import { GROUP, mine, talk } from "./people";

const refuse = (): Promise<never> => Promise.reject(new AppError("offline"));

type Given = Pick<FurtherView, "room"> & { purpose: Purpose; about: Member | null; help?: "asked"; said: number };

export function further({ room, purpose, about, help, said }: Given, inside: readonly Member[]): FurtherView {
  const lines: readonly TimelineItem[] = talk(inside, Date.now() - 40 * 60_000).slice(0, said);
  const asks: readonly TimelineItem[] = help
    ? [{ kind: "notice", id: "h1", seq: 90, time: Date.now() - 60_000, what: "asks", who: about?.pseudonym ?? null, by: null }]
    : [];
  const timeline = signal([...lines, ...asks]);
  return {
    groupId: GROUP,
    room,
    purpose: signal(purpose),
    about: signal(about),
    help: signal(help ?? null),
    status: signal("live"),
    me: signal(inside.find(({ me }) => me) ?? null),
    members: signal(inside),
    timeline,
    goesOn: signal(false),
    unread: signal(0),
    readUpTo: signal(99),
    warnings: signal([]),
    silenced: signal(null),
    now: () => Date.now(),
    lookBack: () => Promise.resolve(),
    send: (text) => {
      timeline.value = [...timeline.value, mine(inside, "sent", text, null)];
      return Promise.resolve();
    },
    sendCard: refuse,
    retry: refuse,
    discard: refuse,
    draft: () => "",
    saveDraft: () => undefined,
    markRead: () => undefined,
    fold: refuse,
    leave: refuse,
    acknowledgeWarning: refuse,
  };
}

/** Those this person is in. */
export function furtherIn(state: string, people: readonly Member[]): readonly FurtherView[] {
  const staff = people.filter(({ role }) => role !== "member" && role !== "guest");
  const own = people.find(({ me }) => me) ?? null;
  const wren = people.find(({ pseudonym }) => pseudonym === "Wren") ?? null;
  if (state === "asking") return [further({ room: "0199-aside", purpose: "aside", about: own, help: "asked", said: 0 }, people.filter((one) => staff.includes(one) || one.me))];
  if (state !== "asked") return [];
  return [
    further({ room: "0199-aside", purpose: "aside", about: wren, help: "asked", said: 0 }, people.filter((one) => staff.includes(one) || one === wren)),
    further({ room: "0199-staff", purpose: "staff", about: null, said: 2 }, staff),
  ];
}
