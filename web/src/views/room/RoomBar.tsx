import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { Icon } from "../shared/Icon";
import { Leave } from "../shared/Leave";
import { Mark } from "../shared/Mark";
import { WhereLine } from "../session/WhereLine";
import type { SheetName } from "./inRoom";

export interface RoomBarProps {
  readonly room: RoomView;
  readonly onOpen: (sheet: SheetName) => void;
}

const SHOWN = 3;

/** Where am I, who can read this, one menu, and the way out. */
export function RoomBar({ room, onOpen }: RoomBarProps) {
  const members = room.members.value;
  const certain = room.status.value !== "halted";
  return (
    <header class="room-bar">
      <a class="round room-back" href="/" aria-label={t("to-groups")}>
        <Icon name="back" />
      </a>
      <h1 tabIndex={-1} dir="auto">
        {room.name.value}
      </h1>
      <WhereLine room={room} onOpen={onOpen} />
      <button type="button" class="room-who" onClick={() => onOpen({ kind: "people" })}>
        {members.slice(0, SHOWN).map((member) => (
          <Mark key={member.id} member={member.id} />
        ))}
        <span aria-hidden="true">{t("number", { count: members.length })}</span>
        <span class="unseen">{t("people-button", { count: members.length })}</span>
      </button>
      <button type="button" class="room-help" onClick={() => onOpen({ kind: "help" })}>
        <Icon name="help" />
        <span>{t("help-ask")}</span>
      </button>
      <button type="button" class="round room-menu" aria-label={t("menu")} onClick={() => onOpen({ kind: "menu" })}>
        <Icon name="menu" />
      </button>
      <div class="room-line">
        {members.length > 0 && (
          <button type="button" class="lock-line" data-doubt={certain ? undefined : ""} onClick={() => onOpen({ kind: "people" })}>
            <Icon name={certain ? "lock" : "look"} />
            <span>{certain ? t("lock-line", { count: members.length }) : t("lock-line-halted")}</span>
          </button>
        )}
        <Leave />
      </div>
    </header>
  );
}
