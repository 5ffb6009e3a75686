/** Whose turn it is, in a few calm words. */
import { names } from "../../i18n/time";
import { t } from "../../i18n/text";
import type { LiveView } from "../../room/liveView";
import type { RoomView } from "../../room/types";
import { mayDo } from "../room/rights";
import { nameOf } from "./people";

export interface FloorWords {
  readonly now: string;
  /** Who is next, how long the person still waits, or what comes. */
  readonly then: string | null;
  /** Of all that, what concerns the person, where there is room for no more. */
  readonly own: string;
  /** Whether it is the person who is next. */
  readonly soon: boolean;
}

export function floorWords(room: RoomView, live: LiveView): FloorWords {
  const { terms, floor, upNext } = live;
  const me = room.me.value?.id;
  const { holder, queue } = floor;
  if (terms.mode === "open") {
    const hands = queue.length > 0 ? t("floor-hands", { names: names(queue.map((id) => nameOf(room, id))) }) : t("floor-anyone");
    return told(t("floor-open"), hands, t("floor-open-short"));
  }
  if (holder === null) return freeWords(room, live);
  const following = upNext === null ? null : t("floor-next-other", { name: nameOf(room, upNext) });
  if (holder === me) return told(t("floor-mine"), following, t("floor-mine-short"));
  const now = whose(room, holder);
  if (me !== undefined && me in floor.silent) return told(now, t("floor-kept"), t("floor-kept"));
  const place = me === undefined ? -1 : queue.indexOf(me);
  if (place >= 0 && upNext === me) return told(now, t("floor-next-you"), t("floor-next-you"), true);
  if (place >= 0) return told(now, t("floor-before-you", { count: place + 1 }), t("floor-before-you-short", { count: place + 1 }));
  return told(now, following, mayDo(room, "give_floor") && following !== null ? following : now);
}

function told(now: string, then: string | null, own = now, soon = false): FloorWords {
  return { now, then, own, soon };
}

function whose(room: RoomView, holder: string): string {
  const name = nameOf(room, holder);
  const absent = room.members.value.some(({ id, here }) => id === holder && here === false);
  return absent ? t("floor-whose-away", { name }) : t("floor-whose", { name });
}

/** Nobody has the floor: what one can do, or what comes after a round. */
function freeWords(room: RoomView, { terms, floor, sheet, session }: LiveView): FloorWords {
  const leads = mayDo(room, "give_floor");
  const me = room.me.value?.id ?? "";
  if (me in floor.silent) return told(t("floor-nobody"), t("floor-kept"), t("floor-kept"));
  const passedOver = Object.keys(floor.silent).map((id) => nameOf(room, id));
  if (leads && passedOver.length > 0) return told(t("floor-nobody"), t("floor-passed-over", { names: names(passedOver) }));
  if (terms.mode !== "round" || floor.queue.length > 0) return told(t("floor-free"), leads ? t("floor-free-lead") : t("floor-free-hand"));
  const next = sheet.segments[sheet.at === null ? 0 : sheet.at + 1];
  if (next) return told(t("floor-round-over"), t("floor-then-part", { title: next.title }));
  const lead = session?.lead ?? null;
  return told(t("floor-round-over"), leads || lead === null ? null : t("floor-then-lead", { name: nameOf(room, lead) }));
}
