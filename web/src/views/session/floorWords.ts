/** Whose turn it is, in one calm line. */
import { names } from "../../i18n/time";
import { t } from "../../i18n/text";
import type { LiveView } from "../../room/liveView";
import type { RoomView } from "../../room/types";
import { mayDo } from "../room/rights";
import { nameOf } from "./people";

export interface FloorWords {
  readonly now: string;
  /** Who is next, or how long the person still waits. */
  readonly then: string | null;
  /** Whether it is the person who is next. */
  readonly soon: boolean;
}

/** null where everyone may speak and nobody has a hand up. */
export function floorWords(room: RoomView, { terms, floor }: LiveView): FloorWords | null {
  const me = room.me.value?.id;
  const { holder, queue } = floor;
  if (terms.mode === "open") {
    if (queue.length === 0) return null;
    return { now: t("floor-hands", { names: names(queue.map((id) => nameOf(room, id))) }), then: null, soon: false };
  }
  if (holder === null) {
    if (terms.mode === "round") return { now: t("floor-round-over"), then: null, soon: false };
    return { now: mayDo(room, "give_floor") ? t("floor-free-lead") : t("floor-free"), then: null, soon: false };
  }
  const now = holder === me ? t("floor-mine") : t("floor-whose", { name: nameOf(room, holder) });
  const [next] = queue;
  const place = me === undefined ? -1 : queue.indexOf(me);
  if (place === 0) return { now, then: t("floor-next-you"), soon: true };
  if (place > 0) return { now, then: t("floor-before-you", { count: place + 1 }), soon: false };
  return { now, then: next === undefined ? null : t("floor-next-other", { name: nameOf(room, next) }), soon: false };
}
