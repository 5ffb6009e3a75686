import { t } from "../../i18n/text";
import { clock } from "../../i18n/time";
import type { LiveView } from "../../room/liveView";
import type { RoomView } from "../../room/types";
import { useAction } from "../action";
import { forgetUndo } from "../care/undo";
import { useNow } from "../care/useNow";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { Mark } from "../shared/Mark";
import { Trouble } from "../shared/Trouble";
import type { SheetName } from "../room/inRoom";
import { mayDo } from "../room/rights";
import { floorWords } from "./floorWords";
import { nameOf } from "./people";
import { SlowLine } from "./SlowLine";
import { TurnTime } from "./TurnTime";

/** Milliseconds before its end from which a session says that it ends. */
const SOON = 5 * 60_000;

export interface LiveLineProps {
  readonly room: RoomView;
  readonly onOpen: (sheet: SheetName) => void;
}

/** Above the composer: why it is quiet, whose turn it is, and what is about to happen. Nothing where all is as usual. */
export function LiveLine({ room, onOpen }: LiveLineProps) {
  const live = room.live.value;
  if (!live) return null;
  return (
    <div class="live">
      <StandInLine room={room} live={live} />
      <EndLine room={room} live={live} />
      <PausedLine room={room} live={live} />
      <SlowLine room={room} live={live} />
      <FloorLine room={room} live={live} onOpen={onOpen} />
    </div>
  );
}

interface Part {
  readonly room: RoomView;
  readonly live: LiveView;
}

/** This device took the lead, or nobody has it. */
function StandInLine({ room, live }: Part) {
  const action = useAction();
  const gone = room.standIn.for.value;
  const nobody = live.session?.lead === null && mayDo(room, "take_lead");
  return (
    <div role="status">
      {gone !== null && (
        <div class="live-line">
          <Icon name="people" />
          <p>{t("stand-in", { name: gone })}</p>
          <Button small onPress={() => room.standIn.seen()}>
            {t("stand-in-seen")}
          </Button>
        </div>
      )}
      {nobody && (
        <div class="live-line">
          <Icon name="people" />
          <p>{t("lead-missing")}</p>
          <Button small idle={action.busy} onPress={() => action.run(() => room.leading.takeLead())}>
            {t("lead-take")}
          </Button>
        </div>
      )}
      <Trouble code={action.code} />
    </div>
  );
}

function EndLine({ room, live: { session } }: Part) {
  const now = useNow(room, 10_000);
  const soon = session !== null && session.closes - now <= SOON;
  return (
    <div role="status">
      {soon && (
        <p class="live-line">
          <Icon name="clock" />
          <span>{t("live-ends-soon", { until: clock(session.closes) })}</span>
        </p>
      )}
    </div>
  );
}

function PausedLine({ room, live: { paused } }: Part) {
  const action = useAction();
  return (
    <div role="status">
      {paused && (
        <div class="live-line live-paused">
          <Icon name="leaf" />
          <div>
            <b>{t("paused-title")}</b>
            <p>{t("paused-by", { name: nameOf(room, paused.by) })}</p>
            {paused.note !== null && <p dir="auto">{t("quoted", { words: paused.note })}</p>}
          </div>
          {mayDo(room, "resume") && (
            <Button small idle={action.busy} onPress={() => action.run(() => room.leading.resume().then(forgetUndo))}>
              {t("paused-go-on")}
            </Button>
          )}
        </div>
      )}
      <Trouble code={action.code} />
    </div>
  );
}

function FloorLine({ room, live, onOpen }: Part & Pick<LiveLineProps, "onOpen">) {
  const action = useAction();
  const words = floorWords(room, live);
  const { holder, turn } = live.floor;
  const others = holder !== null && holder !== room.me.value?.id;
  return (
    <>
      <p role="status" class="unseen">
        {words && [words.now, words.then].filter((part) => part !== null).join(". ")}
      </p>
      {words && (
        <div class="live-line live-floor">
          {holder !== null && (
            <span class="lit-mark">
              <Mark member={holder} />
            </span>
          )}
          {holder === null && <Icon name="hand" />}
          <button type="button" class="floor-words" onClick={() => onOpen({ kind: "turns" })}>
            <span dir="auto">{words.now}</span>
            {words.then !== null && " · "}
            {words.then !== null && (
              <span dir="auto" data-soon={words.soon ? "" : undefined}>
                {words.then}
              </span>
            )}
          </button>
          <TurnTime room={room} live={live} />
          {others && mayDo(room, "give_floor") && (
            <Button small idle={action.busy} onPress={() => action.run(() => room.leading.passTurn(turn, false).then(forgetUndo))}>
              {t("turn-next")}
            </Button>
          )}
        </div>
      )}
      <Trouble code={action.code} />
    </>
  );
}
