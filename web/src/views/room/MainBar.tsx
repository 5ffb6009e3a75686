import type { LiveView } from "../../room/liveView";
import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { talkOf } from "../session/talk";
import type { SheetName } from "./inRoom";
import { type Part, RoomBar } from "./RoomBar";

export interface MainBarProps {
  readonly room: RoomView;
  readonly writing: boolean;
  readonly onOpen: (sheet: SheetName) => void;
}

/** The header of a group's own room. */
export function MainBar({ room, writing, onOpen }: MainBarProps) {
  return (
    <RoomBar
      name={room.name.value}
      certain={room.status.value !== "halted"}
      count={talkOf(room).members.value.length}
      part={partOf(room.live.value)}
      back={{ href: "/", words: t("to-groups") }}
      writing={writing}
      onPlace={() => onOpen({ kind: "room" })}
      onHelp={() => onOpen({ kind: "help" })}
      onMenu={() => onOpen({ kind: "menu" })}
    />
  );
}

function partOf(live: LiveView | null): Part | null {
  const at = live?.session ? live.sheet.at : null;
  const segment = at === null ? undefined : live?.sheet.segments[at];
  return live && at !== null && segment ? { title: segment.title, number: at + 1, count: live.sheet.segments.length } : null;
}
