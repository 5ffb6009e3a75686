import { useEffect, useRef, useState } from "preact/hooks";
import type { Message, TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { useApp } from "../context";
import { newestSeq } from "./lines";
import { foldedUnder } from "./SaidText";

const KEPT = 4;
const MANY = 3;

/** `open`: the message's own words are said, not what stands in their place. */
interface Line {
  readonly id: string;
  readonly words: string;
  readonly open: boolean;
}

/** Says new messages of others once, after what is being said. What was caught up is only counted. */
export function Speaker({ room }: { room: TalkView }) {
  const [said, setSaid] = useState<readonly Line[]>([]);
  const spoken = useRef<number | null>(null);
  const items = room.timeline.value;
  const live = room.status.value === "live";
  const shield = useApp().shield.value;

  useEffect(() => {
    if (!live) return;
    const newest = newestSeq(items);
    const from = spoken.current;
    spoken.current = newest;
    if (from === null || newest <= from) return;
    const instead = (item: Message): string | null =>
      item.down ? t("down-by", { by: item.down.by }) : (foldedUnder(item, room, shield)?.words ?? null);
    const line = (item: Message): Line => {
      const words = instead(item);
      return { id: item.id, words: t("speak-message", { who: item.pseudonym, text: words ?? item.text }), open: words === null };
    };
    const fresh = items.flatMap((item) => (item.kind === "message" && (item.seq ?? 0) > from && !item.mine ? [item] : []));
    const lines =
      fresh.length > MANY
        ? [{ id: `count ${newest}`, words: t("speak-count", { count: fresh.length }), open: false }]
        : fresh.map(line);
    setSaid((before) => [...before, ...lines].slice(-KEPT));
  }, [items, live, room, shield]);

  // What was taken down or folded away since is not to be found here either.
  const shut = new Set(items.flatMap((item) => (item.kind === "message" && (item.down || foldedUnder(item, room, shield)) ? item.id : [])));
  return (
    <div class="unseen" aria-live="polite" aria-relevant="additions">
      {said.filter(({ id, open }) => !(open && shut.has(id))).map((line) => (
        <p key={line.id}>{line.words}</p>
      ))}
    </div>
  );
}
