import type { TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { day } from "../../i18n/time";
import type { SheetName } from "./inRoom";
import type { Line } from "./lines";
import { isLit, type Lit } from "./lit";
import { NoticeLine } from "./NoticeLine";
import { SaidGroup } from "./SaidGroup";

export interface LineOfProps {
  readonly line: Line;
  readonly room: TalkView;
  readonly onOpen: ((sheet: SheetName) => void) | undefined;
  readonly lit: Lit | null;
}

export function LineOf({ line, room, onOpen, lit }: LineOfProps) {
  switch (line.kind) {
    case "day":
      return <li class="line-day">{day(line.time, room.now())}</li>;
    case "new":
      return (
        <li class="line-new" data-new="">
          {t("talk-new")}
        </li>
      );
    case "notice":
      return <NoticeLine notice={line.notice} />;
    case "said":
      return <SaidGroup said={line} room={room} onOpen={onOpen} lit={isLit(line, lit)} />;
  }
}
