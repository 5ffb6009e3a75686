import { t } from "../../i18n/text";
import { turnLeft } from "../../room/liveView";
import type { LiveView } from "../../room/liveView";
import type { RoomView } from "../../room/types";
import { useNow } from "../care/useNow";

/** Milliseconds between two looks: a clock that ticks would hurry whoever speaks. */
const CALM = 5_000;
const ROUND = 2 * Math.PI * 9;

/** How much of the turn is left, softly: a ring and a few words that change once a minute. Nobody is told aloud. */
export function TurnTime({ room, live }: { room: RoomView; live: LiveView }) {
  const left = turnLeft(live, useNow(room, CALM));
  if (left === null) return null;
  const part = Math.max(0, Math.min(1, left / (live.terms.seconds * 1000)));
  return (
    <span class="turn-time">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <circle class="turn-all" cx="12" cy="12" r="9" />
        <circle class="turn-left" cx="12" cy="12" r="9" stroke-dasharray={`${part * ROUND} ${ROUND}`} />
      </svg>
      {left <= 0 ? t("turn-finish") : left < 60_000 ? t("turn-almost") : t("turn-about", { count: Math.round(left / 60_000) })}
    </span>
  );
}
