import type { RoomView, TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { Undo } from "../care/Undo";
import { staffOf } from "../further/AsideSheet";
import { Goodbye } from "../session/Goodbye";
import { Offers } from "../session/Offers";
import { hasTurnLine, TurnLine } from "../session/TurnLine";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import type { SheetName } from "./inRoom";
import { isStaff } from "./rights";
import { Writing } from "./Writing";

export interface FootProps {
  readonly room: RoomView;
  /** Where one writes: the room itself, or the one of which nothing is kept. */
  readonly talk: TalkView;
  readonly big: boolean;
  readonly onOpen: (sheet: SheetName) => void;
}

/** A way to ask somebody: by name where one of the staff alone is here, else from the list of them. */
function Ask({ room, onOpen }: Pick<FootProps, "room" | "onOpen">) {
  const staff = staffOf(room);
  const [first, ...more] = staff.filter(({ here }) => here === true);
  if (staff.length === 0) return null;
  const only = more.length === 0 ? first : undefined;
  return (
    <Button icon="heart" onPress={() => onOpen(only ? { kind: "aside", member: only.id } : { kind: "turn-to" })}>
      {only ? t("turn-to-one", { name: only.pseudonym }) : t("turn-to-short")}
    </Button>
  );
}

/** One surface under the thumb: whose turn it is, and where one writes. For staff, running the session is at its start. */
export function Foot({ room, talk, big, onOpen }: FootProps) {
  const live = room.live.value;
  const turns = live && hasTurnLine(live) ? live : null;
  const holder = turns?.floor.holder ?? null;
  const light = holder === null ? undefined : holder === room.me.value?.id ? "mine" : "other";
  const run = live && isStaff(room) && (
    <button type="button" class="run-round" aria-label={t("run-open")} onClick={() => onOpen({ kind: "run" })}>
      <Icon name="session" />
    </button>
  );
  return (
    <Writing
      room={talk}
      big={big}
      inCapsule={talk !== room}
      light={light}
      above={
        <>
          {turns ? <TurnLine room={room} live={turns} big={big} onOpen={onOpen} /> : <Undo />}
          {turns ? <Offers room={room} live={turns} onOpen={onOpen} /> : <Goodbye room={room} />}
        </>
      }
      turns={turns !== null}
      before={run}
      onRules={() => onOpen({ kind: "rules" })}
      ask={<Ask room={room} onOpen={onOpen} />}
    />
  );
}
