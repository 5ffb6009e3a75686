/** What the session that is on says in the strip: who leads it, that it is paused, slow, locked or about to end. */
import type { LiveView } from "../../room/liveView";
import { lastSpoke } from "../../room/airtime";
import { STAFF } from "../../room/roles";
import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { clock } from "../../i18n/time";
import { forgetUndo } from "../care/undo";
import { useNow } from "../care/useNow";
import { mayDo } from "../room/rights";
import type { StripItem } from "../strip/item";
import { nameOf } from "./people";
import { talkOf } from "./talk";

/** Milliseconds before its end from which a session says that it ends. */
const SOON = 5 * 60_000;
/** Seconds to which what is left of a wait is rounded, so that it does not count down. */
const STEP = 5;

export function useSessionItems(room: RoomView): readonly (StripItem | null)[] {
  const now = useNow(room, STEP * 1000);
  const live = room.live.value;
  if (!live) return [];
  return [paused(room, live), leads(room, live), ends(live, now), slow(room, live, now), locked(room, live)];
}

function leads(room: RoomView, { session }: LiveView): StripItem | null {
  const gone = room.standIn.for.value;
  const of = { rank: 6, icon: "people" } as const;
  if (gone !== null) {
    const action = { words: t("stand-in-seen"), open: () => room.standIn.seen() };
    return { ...of, key: "stands in", words: t("strip-stand-in"), full: t("stand-in", { name: gone }), action };
  }
  if (session?.lead !== null || !mayDo(room, "take_lead")) return null;
  return { ...of, key: "nobody leads", words: t("strip-lead-missing"), full: t("lead-missing"), action: { words: t("lead-take"), act: () => room.leading.takeLead() } };
}

function paused(room: RoomView, { paused: by }: LiveView): StripItem | null {
  if (!by) return null;
  const words = t("paused-title");
  const told = [words, t("paused-by", { name: nameOf(room, by.by) }), ...(by.note === null ? [] : [t("quoted", { words: by.note })])];
  const action = mayDo(room, "resume") ? { words: t("paused-go-on"), act: () => room.leading.resume().then(forgetUndo) } : undefined;
  return { key: "paused", rank: 6, icon: "leaf", words: by.note === null ? words : t("quoted", { words: by.note }), full: told.join(". "), action };
}

function ends({ session }: LiveView, now: number): StripItem | null {
  if (!session || session.closes - now > SOON) return null;
  const until = clock(session.closes);
  return { key: "ends", rank: 6, icon: "clock", words: t("strip-ends", { until }), full: t("live-ends-soon", { until }) };
}

function slow(room: RoomView, { slow: count }: LiveView, now: number): StripItem | null {
  const me = room.me.value;
  if (count === 0 || !me) return null;
  const spoke = STAFF.includes(me.role) ? null : lastSpoke(talkOf(room).timeline.value, me.id);
  const left = spoke === null ? 0 : Math.ceil((spoke + count * 1000 - now) / (STEP * 1000)) * STEP;
  const full = count % 60 === 0 ? t("slow-minutes", { count: count / 60 }) : t("slow-line", { count });
  return { key: "slow", rank: 6, icon: "leaf", words: t("strip-slow"), full, ...(left > 0 ? { aside: t("slow-wait", { count: left }) } : {}) };
}

function locked(room: RoomView, live: LiveView): StripItem | null {
  if (!live.locked || !live.session) return null;
  const words = t("strip-locked");
  const action = mayDo(room, "lock") ? { words: t("strip-unlock"), act: () => room.leading.lock(false) } : undefined;
  return { key: "locked", rank: 6, icon: "lock", words, full: t("live-locked-words"), action };
}
