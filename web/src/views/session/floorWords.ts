/** Whose turn it is, in one calm line. */
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
  /** Whether it is the person who is next. */
  readonly soon: boolean;
}

/** null where everyone may speak and nobody has a hand up. */
export function floorWords(room: RoomView, live: LiveView): FloorWords | null {
  const { terms, floor, upNext } = live;
  const me = room.me.value?.id;
  const { holder, queue } = floor;
  if (terms.mode === "open") {
    if (queue.length === 0) return null;
    return { now: t("floor-hands", { names: names(queue.map((id) => nameOf(room, id))) }), then: null, soon: false };
  }
  if (holder === null) return { ...freeWords(room, live), soon: false };
  const now = holder === me ? t("floor-mine") : whose(room, holder);
  if (me !== undefined && me in floor.silent) return { now, then: t("floor-kept"), soon: false };
  const place = me === undefined ? -1 : queue.indexOf(me);
  if (place >= 0 && upNext === me) return { now, then: t("floor-next-you"), soon: true };
  if (place >= 0) return { now, then: t("floor-before-you", { count: place + 1 }), soon: false };
  return { now, then: upNext === null ? null : t("floor-next-other", { name: nameOf(room, upNext) }), soon: false };
}

function whose(room: RoomView, holder: string): string {
  const name = nameOf(room, holder);
  const absent = room.members.value.some(({ id, here }) => id === holder && here === false);
  return absent ? t("floor-whose-away", { name }) : t("floor-whose", { name });
}

/** Nobody has the floor: what one can do, or what comes after a round. */
function freeWords(room: RoomView, { terms, floor, sheet, session }: LiveView): Pick<FloorWords, "now" | "then"> {
  const leads = mayDo(room, "give_floor");
  const me = room.me.value?.id ?? "";
  if (me in floor.silent) return { now: t("floor-nobody"), then: t("floor-kept") };
  const passedOver = Object.keys(floor.silent).map((id) => nameOf(room, id));
  if (leads && passedOver.length > 0) return { now: t("floor-nobody"), then: t("floor-passed-over", { names: names(passedOver) }) };
  if (terms.mode !== "round" || floor.queue.length > 0) return { now: leads ? t("floor-free-lead") : t("floor-free"), then: null };
  const next = sheet.segments[sheet.at === null ? 0 : sheet.at + 1];
  if (next) return { now: t("floor-round-over"), then: t("floor-then-part", { title: next.title }) };
  const lead = session?.lead ?? null;
  if (leads || lead === null) return { now: t("floor-round-over"), then: null };
  return { now: t("floor-round-over"), then: t("floor-then-lead", { name: nameOf(room, lead) }) };
}
