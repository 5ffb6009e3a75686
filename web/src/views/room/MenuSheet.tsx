import { t } from "../../i18n/text";
import { Icon, type IconName } from "../shared/Icon";
import { Sheet } from "../shared/Sheet";
import { mayAdmit } from "./rights";
import type { InRoom, SheetName } from "./inRoom";

interface Entry {
  readonly sheet: SheetName;
  readonly icon: IconName;
  readonly words: string;
  readonly aside?: string;
}

/** The one menu of a room. */
export function MenuSheet({ room, onClose, onGo }: InRoom) {
  const waiting = room.waiting.value.length;
  const admitting: readonly Entry[] = [
    {
      sheet: { kind: "waiting" },
      icon: "door",
      words: t("waiting-list"),
      aside: waiting > 0 ? t("groups-waiting", { count: waiting }) : t("waiting-nobody"),
    },
    { sheet: { kind: "invite" }, icon: "link", words: t("invite-someone") },
  ];
  const entries: readonly Entry[] = [
    { sheet: { kind: "people" }, icon: "people", words: t("people-title") },
    ...(mayAdmit(room) ? admitting : []),
    { sheet: { kind: "about" }, icon: "leaf", words: t("about-group") },
  ];
  return (
    <Sheet title={room.name.value} onClose={onClose}>
      <div class="rows">
        {entries.map(({ sheet, icon, words, aside }) => (
          <button key={sheet.kind} type="button" class="row" onClick={() => onGo(sheet)}>
            <Icon name={icon} />
            <span class="row-words">
              <b>{words}</b>
              {aside && <span class="note">{aside}</span>}
            </span>
            <Icon name="on" />
          </button>
        ))}
        <a class="row" href="/settings">
          <Icon name="settings" />
          <span class="row-words">
            <b>{t("settings")}</b>
          </span>
          <Icon name="on" />
        </a>
        <button type="button" class="row remove" onClick={() => onGo({ kind: "leave" })}>
          <Icon name="leave" />
          <span class="row-words">
            <b>{t("leave-group")}</b>
            <span class="note">{t("asks-once-more")}</span>
          </span>
          <Icon name="on" />
        </button>
      </div>
    </Sheet>
  );
}
