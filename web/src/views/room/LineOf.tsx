import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { day } from "../../i18n/time";
import type { Line } from "./lines";
import { NoticeLine } from "./NoticeLine";
import { SaidGroup } from "./SaidGroup";

export function LineOf({ line, room }: { line: Line; room: RoomView }) {
  switch (line.kind) {
    case "day":
      return <li class="line-day">{day(line.time, Date.now())}</li>;
    case "new":
      return (
        <li class="line-new" data-new="">
          {t("talk-new")}
        </li>
      );
    case "notice":
      return <NoticeLine notice={line.notice} />;
    case "said":
      return <SaidGroup said={line} room={room} />;
  }
}
