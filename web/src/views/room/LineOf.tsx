import type { TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { day } from "../../i18n/time";
import type { SheetName } from "./inRoom";
import type { Line } from "./lines";
import { isLit, type Lit } from "./lit";
import { ToldLine } from "./NoticeLine";
import { SaidGroup } from "./SaidGroup";

export interface LineOfProps {
  readonly line: Line;
  readonly room: TalkView;
  readonly onOpen: (sheet: SheetName) => void;
  readonly lit: Lit | null;
  /** The id of the notice of the part that the session is at. */
  readonly present: string | null;
}

export function LineOf({ line, room, onOpen, lit, present }: LineOfProps) {
  switch (line.kind) {
    case "day":
      return <li class="line-day">{day(line.time, room.now())}</li>;
    case "new":
      return (
        <li class="line-new" data-new="">
          {t("talk-new")}
        </li>
      );
    case "told":
      return <ToldLine told={line} present={present} />;
    case "said":
      return <SaidGroup said={line} room={room} onOpen={onOpen} lit={isLit(line, lit)} />;
  }
}
