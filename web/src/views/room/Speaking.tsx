/** What a room says to those who do not look: each thing once, and always what happens to oneself. */
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/text";
import type { Message, Notice, Role, Silenced, TalkView, TimelineItem } from "../../room/types";
import { heldWords, isPassing } from "../care/heldWords";
import { useApp } from "../context";
import { say, unsay } from "../say";
import { wordsFor } from "../shared/refusals";
import { newestSeq } from "./lines";
import { noticeWords } from "./NoticeLine";
import { aRole } from "./roleWord";
import { beginning, foldedUnder } from "./SaidText";

/** Messages that come at once, of which more are only counted. */
const MANY = 3;
/** What changes the evening for everyone. Turns, pauses and slow mode have their own lines (`session/LiveLine.tsx`). */
const TOLD: ReadonlySet<Notice["what"]> = new Set(["session", "session_over", "segment", "resume"]);

export function Speaking({ room }: { room: TalkView }) {
  useNews(room);
  useOwnMessages(room.timeline.value);
  useTakedowns(room.timeline.value);
  useSilence(room);
  useRole(room.me.value?.role);
  return null;
}

/** New messages of others, and what begins and ends for all; what was caught up is only counted. */
function useNews(room: TalkView): void {
  const from = useRef<number | null>(null);
  const items = room.timeline.value;
  const live = room.status.value === "live";
  const shield = useApp().shield.value;
  useEffect(() => {
    if (!live) return;
    const newest = items.reduce((most, { seq }) => Math.max(most, seq ?? 0), newestSeq(items));
    const since = from.current;
    from.current = newest;
    if (since === null || newest <= since) return;
    const fresh = items.filter(({ seq }) => (seq ?? 0) > since);
    const messages = fresh.flatMap((item) => (item.kind === "message" && !item.mine ? [item] : []));
    if (messages.length > MANY) say(t("speak-count", { count: messages.length }));
    const me = room.me.peek()?.pseudonym;
    for (const item of fresh) {
      if (item.kind === "notice") {
        if (TOLD.has(item.what) && item.by !== me) say(item.what === "segment" ? t("speak-part", { title: item.title ?? "" }) : noticeWords(item));
      } else if (!item.mine && messages.length <= MANY) {
        const instead = item.down ? t("down-by", { by: item.down.by }) : foldedUnder(item, room, shield)?.words;
        say(t("speak-message", { who: item.pseudonym, text: instead ?? item.text }), { key: instead === undefined ? item.id : null });
      }
    }
  }, [items, live, room, shield]);
  useEffect(() => {
    unsay(new Set(items.flatMap((item) => (item.kind === "message" && (item.down || foldedUnder(item, room, shield)) ? item.id : []))));
  }, [items, room, shield]);
}

/** Those that were not sent. */
function useOwnMessages(items: readonly TimelineItem[]): void {
  useAnew(items, ({ state }) => state === "failed", ({ code, text }) => {
    say([t("speak-failed", { text: beginning(text) }), code === null ? "" : wordsFor(code)].filter(Boolean).join(" "));
  });
}

function useTakedowns(items: readonly TimelineItem[]): void {
  useAnew(items, ({ down }) => down !== null && !down.restored, ({ down, mine, pseudonym }) => {
    if (!down) return;
    const reason = mine && down.reason !== null ? t("quoted", { words: down.reason }) : "";
    say([mine ? t("speak-down-mine", { by: down.by }) : t("speak-down", { by: down.by, who: pseudonym }), reason].filter(Boolean).join(" "));
  });
}

/** Tells of each message of which something has come true since it was seen here. */
function useAnew(items: readonly TimelineItem[], is: (message: Message) => boolean, tell: (message: Message) => void): void {
  const seen = useRef<ReadonlyMap<string, boolean> | null>(null);
  useEffect(() => {
    const before = seen.current;
    const now = new Map(items.flatMap((item) => (item.kind === "message" ? [[item.id, is(item)] as const] : [])));
    seen.current = now;
    for (const item of items) {
      if (item.kind === "message" && now.get(item.id) && before?.get(item.id) === false) tell(item);
    }
    // `is` and `tell` are of the caller and never change what they do.
  });
}

/** That one may not write, why and for how long; and that one may again. */
function useSilence(room: TalkView): void {
  const silenced = room.silenced.value;
  const known = useRef<Silenced | null | undefined>(undefined);
  useEffect(() => {
    const before = known.current;
    known.current = silenced;
    // What stood there on coming in is read, not said.
    if (before === undefined || keyOf(before) === keyOf(silenced)) return;
    if (silenced && !isPassing(silenced)) say(heldWords(silenced, room.now()));
    else if (before && !isPassing(before)) say(silenced ? t("silenced-ended") : t("silenced-over"));
  }, [silenced, room]);
}

function keyOf(silenced: Silenced | null): string {
  return silenced ? `${silenced.why} ${silenced.why === "muted" ? silenced.until : ""}` : "";
}

function useRole(role: Role | undefined): void {
  const known = useRef(role);
  useEffect(() => {
    const before = known.current;
    known.current = role;
    if (before !== undefined && role !== undefined && before !== role) say(t("speak-role", { role: aRole(role) }));
  }, [role]);
}
