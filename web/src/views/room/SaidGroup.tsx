import type { TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { clock, fullTime, machineTime } from "../../i18n/time";
import { Mark } from "../shared/Mark";
import type { SheetName } from "./inRoom";
import type { Said } from "./lines";
import { roleWord } from "./roleWord";
import { SaidText } from "./SaidText";

export interface SaidGroupProps {
  readonly said: Said;
  readonly room: TalkView;
  readonly onOpen: (sheet: SheetName) => void;
  /** Whether they have the floor. */
  readonly lit: boolean;
}

/** What one speaker said in a row, under their mark and name. */
export function SaidGroup({ said, room, onOpen, lit }: SaidGroupProps) {
  const { first, messages } = said;
  const speaker = room.members.value.find((member) => member.id === first.sender);
  const role = speaker && !speaker.me ? roleWord(speaker.role) : null;
  return (
    <li class="said-group" data-lit={lit ? "" : undefined}>
      <Mark member={first.sender} />
      <div class="said-in">
        <p class="said-who">
          <b dir="auto">{first.mine ? t("you") : first.pseudonym}</b>
          {role && <span class="note">{role}</span>}
          {lit && <span class="note">{t("floor-has")}</span>}
          <time class="note" dateTime={machineTime(first.time)} title={fullTime(first.time)}>
            {clock(first.time)}
          </time>
        </p>
        {messages.map((message) => (
          <SaidText key={message.id} message={message} room={room} onOpen={onOpen} />
        ))}
      </div>
    </li>
  );
}
