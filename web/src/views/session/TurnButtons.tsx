import { t } from "../../i18n/text";
import type { LiveView } from "../../room/liveView";
import { RANKS } from "../../room/roles";
import type { Member, RoomView } from "../../room/types";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Trouble } from "../shared/Trouble";
import type { SheetName } from "../room/inRoom";
import { isStaff } from "../room/rights";
import { talkOf } from "./talk";

export interface TurnButtonsProps {
  readonly room: RoomView;
  readonly onOpen: (sheet: SheetName) => void;
}

/** Below the composer, under the thumb: one's turn and one's hand, and for those who look after the room, running it. */
export function TurnButtons({ room, onOpen }: TurnButtonsProps) {
  const action = useAction();
  const live = room.live.value;
  const me = room.me.value;
  if (!live || !me) return null;
  const staff = isStaff(room);
  const deeds = turnsOf(room, live, me);
  if (!staff && deeds.length === 0) return null;
  return (
    <>
      <div class="turn-buttons">
        {/* By place: who pressed one keeps the focus on what stands there then. */}
        {deeds.map(({ icon, words, act }, place) => (
          <Button key={place} icon={icon} idle={action.busy} onPress={() => action.run(act)}>
            {words}
          </Button>
        ))}
        {staff && (
          <Button icon="session" onPress={() => onOpen({ kind: "run" })}>
            {t("run-open")}
          </Button>
        )}
      </div>
      <Trouble code={action.code} />
    </>
  );
}

interface TurnDeed {
  readonly icon: "pass" | "hand" | "clock" | "plus";
  readonly words: string;
  readonly act: () => Promise<void>;
}

function turnsOf(room: RoomView, live: LiveView, me: Member): readonly TurnDeed[] {
  const { leading } = room;
  const { floor, terms, session } = live;
  if (floor.holder === me.id) {
    const spoken = talkOf(room).timeline.value.some((item) => item.kind === "message" && item.mine && item.time >= floor.since);
    const pass = { icon: "pass", words: spoken ? t("turn-done") : t("turn-pass"), act: () => leading.passTurn(floor.turn, false) } as const;
    const later = { icon: "clock", words: t("turn-later"), act: () => leading.passTurn(floor.turn, true) } as const;
    return spoken ? [pass] : [pass, later];
  }
  if (floor.queue.includes(me.id)) {
    const skip = terms.mode === "round";
    return [{ icon: skip ? "pass" : "hand", words: skip ? t("turn-skip-me") : t("hand-lower"), act: () => leading.lowerHand() }];
  }
  if (me.listening || (terms.mode === "open" && !session)) return [];
  const raise = (too: boolean) => (): Promise<void> => leading.raiseHand(too);
  if (terms.mode === "round") return [{ icon: "hand", words: t("hand-take-part"), act: raise(false) }];
  // Facilitators may always write.
  if (RANKS[me.role] >= RANKS.facilitator) return [];
  const hand = { icon: "hand", words: t("hand-raise"), act: raise(false) } as const;
  const too = { icon: "plus", words: t("hand-too"), act: raise(true) } as const;
  return floor.holder !== null || floor.queue.length > 0 ? [hand, too] : [hand];
}
