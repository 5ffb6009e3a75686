import type { RoomView, TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { Undo } from "../care/Undo";
import { hasTurnLine, TurnLine } from "../session/TurnLine";
import { Icon } from "../shared/Icon";
import { Composer } from "./Composer";
import type { SheetName } from "./inRoom";
import { isStaff } from "./rights";

export interface FootProps {
  readonly room: RoomView;
  /** Where one writes: the room itself, or the one of which nothing is kept. */
  readonly talk: TalkView;
  readonly big: boolean;
  readonly onOpen: (sheet: SheetName) => void;
}

/** One surface under the thumb: whose turn it is, and where one writes. For staff, running the session is at its start. */
export function Foot({ room, talk, big, onOpen }: FootProps) {
  const live = room.live.value;
  const me = room.me.value;
  const turns = live && hasTurnLine(live) ? live : null;
  const holder = turns?.floor.holder ?? null;
  const light = holder === null ? undefined : holder === me?.id ? "mine" : "other";
  return (
    <div class="room-foot" data-turns={turns ? "" : undefined} data-light={light}>
      {turns ? <TurnLine room={room} live={turns} big={big} onOpen={onOpen} /> : <Undo />}
      <div class="foot-write">
        {live && isStaff(room) && (
          <button type="button" class="run-round" aria-label={t("run-open")} onClick={() => onOpen({ kind: "run" })}>
            <Icon name="session" />
          </button>
        )}
        <div class="foot-composer">
          <Composer key={talk.room} room={talk} onRules={() => onOpen({ kind: "rules" })} />
        </div>
      </div>
    </div>
  );
}
