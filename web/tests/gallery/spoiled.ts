/** A room in which one of each list cannot be drawn, as if a value in it were none that its screen knows. */
import type { ReadonlySignal } from "@preact/signals";
import type { RoomView } from "../../src/room/types";

export function spoilt(room: RoomView): RoomView {
  spoil(room.timeline, 4, "text" as never);
  spoil(room.members, 2, "here");
  spoil(room.waiting, 1, "since");
  spoil(room.audit, 3, "reason");
  spoil(room.plans.sessions, 1, "answers");
  spoil(room.banned, 0, "pseudonym");
  return room;
}

/** Whoever looks at this field of the item meets an error. */
function spoil<T extends object>(list: ReadonlySignal<readonly T[]>, at: number, field: keyof T): void {
  (list as { value: readonly T[] }).value = list.value.map((one, place) => {
    if (place !== at) return one;
    return new Proxy(one, {
      get: (target, name) => {
        if (name === field) throw new Error(`spoilt: ${String(field)}`);
        return Reflect.get(target, name) as unknown;
      },
    });
  });
}
