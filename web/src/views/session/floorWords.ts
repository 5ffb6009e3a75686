/** Whose turn it is, in a few calm words. */
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
  /** Of all that, what concerns the person, where there is room for no more. */
  readonly own: string;
  /** Whether it is the person who is next. */
  readonly soon: boolean;
}

export function floorWords(room: RoomView, { terms, floor }: LiveView): FloorWords {
  const me = room.me.value?.id;
  const { holder, queue } = floor;
  const told = (now: string, then: string | null, own = now, soon = false): FloorWords => ({ now, then, own, soon });
  if (terms.mode === "open") {
    const hands = queue.length > 0 ? t("floor-hands", { names: names(queue.map((id) => nameOf(room, id))) }) : t("floor-anyone");
    return told(t("floor-open"), hands);
  }
  if (holder === null) {
    if (terms.mode === "round") return told(t("floor-round-over"), null);
    return told(t("floor-free"), mayDo(room, "give_floor") ? t("floor-free-lead") : t("floor-free-hand"));
  }
  const now = holder === me ? t("floor-mine") : t("floor-whose", { name: nameOf(room, holder) });
  const [next] = queue;
  const place = me === undefined ? -1 : queue.indexOf(me);
  const following = next === undefined ? null : t("floor-next-other", { name: nameOf(room, next) });
  if (holder === me) return told(now, next === undefined ? null : t("floor-then", { name: nameOf(room, next) }), t("floor-mine-short"));
  if (place === 0) return told(now, t("floor-next-you"), t("floor-next-you"), true);
  if (place > 0) return told(now, t("floor-before-you", { count: place + 1 }), t("floor-before-you", { count: place + 1 }));
  return told(now, following, mayDo(room, "give_floor") && following !== null ? following : now);
}
