/** A session of which nothing is kept, and one that has gone into small rooms. */
import { signal } from "@preact/signals";
import type { PassingView } from "../../src/room/passingRooms";
import type { FurtherView, Member } from "../../src/room/types";
import { further } from "./further";

/** `keeping`: on, and all is kept; `capsule`, `parted`: it is not, and the group is in small rooms. `busy`: so, and a report and a question wait. */
export function passing(state: string, people: readonly Member[]): PassingView {
  const closes = Date.now() + 9 * 60_000;
  const capsule = further({ room: "0199-capsule", purpose: "capsule", about: null, said: 0 }, people);
  const me = people.find((person) => person.me);
  const others = people.filter((person) => !person.me);
  const visits = me?.role === "owner" || me?.role === "facilitator";
  const parted = ["parted", "parting", "busy"].includes(state);
  const entered: readonly FurtherView[] = parted
    ? [further({ room: "0199-small", purpose: "breakout", about: null, said: 3 }, people.slice(0, 3))]
    : [];
  return {
    on: signal(["keeping", "capsule", "parted", "parting", "busy"].includes(state)),
    held: signal(state === "capsule"),
    capsule: signal(state === "capsule" ? capsule : null),
    small: signal(
      parted
        ? [
            { id: "0199-small", title: "Sleep", sent: [...(me ? [me] : []), ...others.slice(0, 2)], mine: true, visits: true, late: false, closes },
            { id: "0199-other", title: "Work", sent: others.slice(2, 4), mine: false, visits, late: false, closes },
          ]
        : [],
    ),
    entered: signal(entered),
    keepNothing: () => Promise.resolve(),
    breakOut: () => Promise.resolve(),
    callBack: () => Promise.resolve(),
    enter: (id) => Promise.resolve(id),
  };
}
