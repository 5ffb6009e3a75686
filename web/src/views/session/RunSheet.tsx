import { t } from "../../i18n/text";
import type { LiveView } from "../../room/liveView";
import type { InRoom } from "../room/inRoom";
import { HalfSheet } from "../shared/HalfSheet";
import { Icon, type IconName } from "../shared/Icon";
import { Trouble } from "../shared/Trouble";
import { useNow } from "../care/useNow";
import { mayDo } from "../room/rights";
import { SegmentPart } from "./run/SegmentPart";
import { StartPart } from "./run/StartPart";
import { hasTurnLine, TurnLine } from "./TurnLine";
import { useDone } from "./useDone";

const MINUTE = 60_000;

/** Running the session while it goes on above: the next part, the turn, and three ways on. */
export function RunSheet({ room, big, onClose, onGo }: InRoom) {
  const done = useDone(onClose);
  const now = useNow(room, 5_000);
  const live = room.live.value;
  if (!live) return null;
  const { leading } = room;
  const round = live.terms.mode === "round";
  const openFloor = (): void => done.run(() => leading.setFloor("open", 0, null), t("run-open-floor-done"));
  const goOn = (): void => done.run(() => leading.resume(), t("run-resume-done"));
  return (
    <HalfSheet title={t("run-title")} under={underOf(live, now)} onClose={onClose}>
      {live.session && <Progress live={live} />}
      <StartPart room={room} onGo={onGo} />
      {hasTurnLine(live) && <TurnLine room={room} live={live} big={big} onOpen={onGo} quiet />}
      <SegmentPart room={room} onClose={onClose} onGo={onGo} />
      <div class="run-tiles">
        {mayDo(room, "set_floor") &&
          (round ? (
            <Tile icon="check" words={t("run-round-end")} onPress={openFloor} />
          ) : (
            <Tile icon="again" words={t("run-round")} onPress={() => onGo({ kind: "round" })} />
          ))}
        {mayDo(room, "pause") &&
          (live.paused ? (
            <Tile icon="leaf" words={t("paused-go-on")} onPress={goOn} />
          ) : (
            <Tile icon="pause" words={t("run-pause")} onPress={() => onGo({ kind: "pause" })} />
          ))}
        <Tile icon="more" words={t("run-all")} onPress={() => onGo({ kind: "run-more" })} />
      </div>
      <Trouble code={done.code} />
    </HalfSheet>
  );
}

function Tile({ icon, words, onPress }: { icon: IconName; words: string; onPress: () => void }) {
  return (
    <button type="button" class="button run-tile" onClick={onPress}>
      <Icon name={icon} />
      {words}
    </button>
  );
}

/** "Part 3 of 5 · 38 min left" */
function underOf({ session, sheet }: LiveView, now: number): string {
  if (!session) return t("live-no-session");
  const left = t("minutes-left", { count: Math.max(0, Math.ceil((session.closes - now) / MINUTE)) });
  if (sheet.at === null || sheet.segments.length === 0) return left;
  return [t("notice-part-now", { number: sheet.at + 1, count: sheet.segments.length }), left].join(" · ");
}

/** The parts, those that were reached filled. Decoration: the words above say the same. */
function Progress({ live: { sheet } }: { live: LiveView }) {
  return (
    <div class="run-progress" aria-hidden="true">
      {sheet.segments.map((_, at) => (
        <span key={at} data-reached={sheet.at !== null && at <= sheet.at ? "" : undefined} />
      ))}
    </div>
  );
}
