import { t } from "../../i18n/text";
import { turnLeft } from "../../room/liveView";
import type { LiveView } from "../../room/liveView";
import type { RoomView } from "../../room/types";
import { useNow } from "../care/useNow";

/** Milliseconds between two looks: a clock that ticks would hurry whoever speaks. */
const CALM = 5_000;
const RADIUS = 20;
const ROUND = 2 * Math.PI * RADIUS;

export interface TurnTime {
  /** Of the turn, from 1 down to 0. */
  readonly part: number;
  readonly words: string;
}

/** How much of the turn is left, softly: words that change once a minute. Nobody is told aloud. */
export function useTurnTime(room: RoomView, live: LiveView): TurnTime | null {
  const left = turnLeft(live, useNow(room, CALM));
  if (left === null) return null;
  const words = left <= 0 ? t("turn-finish") : left < 60_000 ? t("turn-almost") : t("turn-about", { count: Math.round(left / 60_000) });
  return { part: Math.max(0, Math.min(1, left / (live.terms.seconds * 1000))), words };
}

/** The same as a ring round a mark, which empties and then rests. */
export function TurnRing({ part }: { part: number }) {
  return (
    <svg class="turn-ring" viewBox="0 0 44 44" aria-hidden="true">
      <circle class="turn-all" cx="22" cy="22" r={RADIUS} />
      <circle class="turn-left" cx="22" cy="22" r={RADIUS} stroke-dasharray={`${part * ROUND} ${ROUND}`} />
    </svg>
  );
}
