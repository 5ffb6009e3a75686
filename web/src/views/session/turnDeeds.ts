/** What a person can do about their own turn and hand, the first of it in the turn line, the rest on the sheet of turns. */
import { t } from "../../i18n/text";
import type { LiveView } from "../../room/liveView";
import { RANKS } from "../../room/roles";
import type { Member, RoomView } from "../../room/types";
import { talkOf } from "./talk";

export interface TurnDeed {
  readonly icon: "pass" | "hand" | "clock" | "plus" | "check";
  readonly words: string;
  /** What it is called in the turn line, and there where letters are large. */
  readonly line?: string;
  readonly short?: string;
  readonly act: () => Promise<void>;
}

export function turnDeeds(room: RoomView, live: LiveView, me: Member): readonly TurnDeed[] {
  const { leading } = room;
  const { floor, terms, session } = live;
  const round = terms.mode === "round";
  if (floor.holder === me.id) {
    const spoken = talkOf(room).timeline.value.some((item) => item.kind === "message" && item.mine && item.time >= floor.since);
    const pass = (): Promise<void> => leading.passTurn(floor.turn, false);
    if (spoken) return [{ icon: "check", words: t("turn-done"), act: pass }];
    return [
      { icon: "pass", words: t("turn-pass"), act: pass },
      { icon: "clock", words: t("turn-later"), act: () => leading.passTurn(floor.turn, true) },
    ];
  }
  if (floor.queue.includes(me.id)) {
    const lower = (): Promise<void> => leading.lowerHand();
    return [round ? { icon: "pass", words: t("turn-skip-me"), line: t("turn-pass"), act: lower } : { icon: "hand", words: t("hand-lower"), short: t("hand-lower-short"), act: lower }];
  }
  if (me.listening || me.muted || !me.agreed || (terms.mode === "open" && !session)) return [];
  const raise = (too: boolean) => (): Promise<void> => leading.raiseHand(too);
  // Facilitators may always write; while a round goes on they can be in it, too.
  if (RANKS[me.role] >= RANKS.facilitator && (!round || floor.holder === null)) return [];
  if (round) return [{ icon: "hand", words: t("hand-take-part"), act: raise(false) }];
  const hand = { icon: "hand", words: t("hand-raise"), short: t("hand-raise-short"), act: raise(false) } as const;
  const too = { icon: "plus", words: t("hand-too"), act: raise(true) } as const;
  return floor.holder !== null || floor.queue.length > 0 ? [hand, too] : [hand];
}
