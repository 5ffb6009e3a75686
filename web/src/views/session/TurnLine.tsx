import { t } from "../../i18n/text";
import type { LiveView } from "../../room/liveView";
import type { RoomView } from "../../room/types";
import { useAction } from "../action";
import { forgetUndo, undoable } from "../care/undo";
import { Undo } from "../care/Undo";
import { Button } from "../shared/Button";
import { Icon, type IconName } from "../shared/Icon";
import { Mark } from "../shared/Mark";
import { Trouble } from "../shared/Trouble";
import type { SheetName } from "../room/inRoom";
import { mayDo } from "../room/rights";
import { floorWords } from "./floorWords";
import { TurnRing, useTurnTime } from "./TurnTime";
import { turnDeeds } from "./turnDeeds";

export interface TurnLineProps {
  readonly room: RoomView;
  /** Whether it holds few words: then those that concern the person. */
  readonly big: boolean;
  readonly onOpen: (sheet: SheetName) => void;
  /** Whether it stands here a second time: then nothing is said, and nothing filled. */
  readonly quiet?: boolean;
}

/** Whether the floor is told about: while a session is on, or where it does not stand open. */
export function hasTurnLine({ session, terms, floor }: LiveView): boolean {
  return session !== null || terms.mode !== "open" || floor.queue.length > 0;
}

/** Who has the floor, one's own place, and the one action; the rest is on the sheet that its words open. */
export function TurnLine({ room, live, big, onOpen, quiet }: TurnLineProps & { live: LiveView }) {
  const time = useTurnTime(room, live);
  const words = floorWords(room, live);
  const { holder } = live.floor;
  const undoing = undoable.value !== null && !undoable.value.heard;
  const then = [words.then, time?.words].filter((part) => part !== null && part !== undefined);
  return (
    <div class="turn-line">
      <span class="turn-mark">
        {holder === null ? <Icon name={live.terms.mode === "open" ? "people" : "hand"} /> : <Mark member={holder} />}
        {holder !== null && time && <TurnRing part={time.part} />}
      </span>
      <div class="turn-words">
        <button type="button" class="turn-open" aria-label={big ? [words.now, ...then].join(" · ") : undefined} onClick={() => onOpen({ kind: "turns" })}>
          <b dir="auto" data-soon={big && words.soon ? "" : undefined}>
            {big ? words.own : words.now}
          </b>
          {!big && !undoing && then.length > 0 && <span class="unseen"> · </span>}
          {!big && !undoing && then.length > 0 && (
            <span class="turn-then">
              {words.then !== null && (
                <span dir="auto" data-soon={words.soon ? "" : undefined}>
                  {words.then}
                </span>
              )}
              {then.length > 1 && " · "}
              {time?.words}
            </span>
          )}
        </button>
        {!quiet && <Undo />}
      </div>
      <TurnAction room={room} live={live} big={big} filled={!quiet} />
    </div>
  );
}

interface Act {
  readonly icon?: IconName;
  readonly words: string;
  readonly short: string;
  readonly filled?: boolean;
  readonly act: () => Promise<void>;
}

function TurnAction({ room, live, big, filled }: Pick<TurnLineProps, "room" | "big"> & { live: LiveView; filled: boolean }) {
  const action = useAction();
  const act = actOf(room, live);
  return (
    <>
      {act && (
        <Button kind={act.filled && filled ? "primary" : "plain"} {...(act.icon && !big ? { icon: act.icon } : {})} idle={action.busy} onPress={() => action.run(act.act)}>
          {big ? act.short : act.words}
        </Button>
      )}
      <Trouble code={action.code} />
    </>
  );
}

/** For who leads, the next turn; for everyone else, what they can do about their own. */
function actOf(room: RoomView, live: LiveView): Act | null {
  const me = room.me.value;
  const { holder, turn } = live.floor;
  if (!me) return null;
  if (holder !== null && holder !== me.id && mayDo(room, "give_floor")) {
    return { words: t("turn-next"), short: t("turn-next-short"), filled: true, act: () => room.leading.passTurn(turn, false).then(forgetUndo) };
  }
  const [first] = turnDeeds(room, live, me);
  if (!first) return null;
  const words = first.line ?? first.words;
  return { ...first, words, short: first.short ?? words };
}
