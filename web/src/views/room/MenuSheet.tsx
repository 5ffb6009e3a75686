import { useEffect } from "preact/hooks";
import { t } from "../../i18n/text";
import { when } from "../../i18n/time";
import { QuietSwitch } from "../care/QuietSwitch";
import { StepOut } from "../care/StepOut";
import { staffOf } from "../further/AsideSheet";
import { FurtherRows } from "../further/FurtherRows";
import { Icon, type IconName } from "../shared/Icon";
import { Row } from "../shared/Row";
import { Sheet } from "../shared/Sheet";
import { isStaff, mayAdmit, mayDo } from "./rights";
import type { InRoom, SheetName } from "./inRoom";
import { aRole } from "./roleWord";

interface Entry {
  readonly sheet: SheetName;
  readonly icon: IconName;
  readonly words: string;
  readonly aside?: string;
}

/** The one menu of a room. */
export function MenuSheet({ room, onClose, onGo }: InRoom) {
  const waiting = room.waiting.value.length;
  const unread = room.notes.unread.value;
  useEffect(() => {
    // What cannot be fetched now is fetched when the menu is opened again.
    void room.notes.load().catch(() => undefined);
  }, [room]);
  const admitting: readonly Entry[] = [
    {
      sheet: { kind: "waiting" },
      icon: "door",
      words: t("waiting-list"),
      aside: waiting > 0 ? t("groups-waiting", { count: waiting }) : t("waiting-nobody"),
    },
    { sheet: { kind: "invite" }, icon: "link", words: t("invite-someone") },
    {
      sheet: { kind: "notes" },
      icon: "note",
      words: t("notes-title"),
      ...(unread > 0 ? { aside: t("notes-unread", { count: unread }) } : {}),
    },
  ];
  const [next] = room.plans.sessions.value;
  const open = room.reports.waiting.value;
  const keeping: Entry = {
    sheet: { kind: "desk" },
    icon: "hand",
    words: t("desk-title"),
    aside: t("desk-title-under", { count: open }),
  };
  const ownName: Entry = { sheet: { kind: "own-name" }, icon: "people", words: t("own-name"), aside: room.me.value?.pseudonym ?? "" };
  const offer = room.offer.value;
  const offered: readonly Entry[] = offer
    ? [{ sheet: { kind: "offer" }, icon: "people", words: t("offer-banner", { by: offer.by, role: aRole(offer.role) }), aside: t("offer-look") }]
    : [];
  const entries: readonly Entry[] = [
    ...offered,
    { sheet: { kind: "schedule" }, icon: "clock", words: t("schedule"), aside: next ? when(next.start) : t("schedule-none-short") },
    { sheet: { kind: "people" }, icon: "people", words: t("people-title") },
    ...(mayAdmit(room) ? admitting : []),
    ...(isStaff(room) ? [keeping] : []),
    { sheet: { kind: "report", about: { kind: "situation" } }, icon: "hand", words: t("report-open-situation"), aside: t("report-open-under") },
    { sheet: { kind: "own-reports" }, icon: "check", words: t("own-reports") },
    ...(mayDo(room, "rename") ? [ownName] : []),
    { sheet: { kind: "about" }, icon: "leaf", words: t("about-group") },
    { sheet: { kind: "done" }, icon: "note", words: t("done"), aside: isStaff(room) ? t("done-under-staff") : t("done-under") },
  ];
  return (
    <Sheet title={room.name.value} onClose={onClose}>
      <div class="rows">
        {entries.map(({ sheet, icon, words, aside }) => (
          <Row key={sheet.kind} icon={icon} words={words} under={aside} onPress={() => onGo(sheet)} />
        ))}
        <FurtherRows room={room} />
        {!isStaff(room) && staffOf(room).length > 0 && (
          <Row icon="heart" words={t("turn-to")} under={t("turn-to-under")} onPress={() => onGo({ kind: "turn-to" })} />
        )}
        <StepOut room={room} onDone={onClose} />
        {isStaff(room) && <QuietSwitch room={room} onDone={onClose} />}
        <a class="row" href="/settings">
          <Icon name="settings" />
          <span class="row-words">
            <b>{t("settings")}</b>
          </span>
          <Icon name="on" />
        </a>
        <Row icon="leave" words={t("leave-group")} under={t("asks-once-more")} remove onPress={() => onGo({ kind: "leave" })} />
      </div>
    </Sheet>
  );
}
