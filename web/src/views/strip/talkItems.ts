/** What any room can say in its strip: of the server, of the line to it, and of calls for help. */
import { useEffect, useState } from "preact/hooks";
import { isAsking } from "../../room/help";
import type { FurtherView, RoomView, TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { useApp } from "../context";
import { callWords, ownAside } from "../help/call";
import type { StripItem } from "./item";

/** Milliseconds without a line after which it is said. */
const PATIENCE = 5_000;

export function warningItem(room: TalkView, onLook: () => void): StripItem | null {
  if (room.warnings.value.length === 0) return null;
  const halted = room.status.value === "halted";
  return {
    key: halted ? "halted" : "warning",
    rank: 1,
    icon: "look",
    words: halted ? t("strip-halted") : t("strip-noticed"),
    full: halted ? t("warning-halted") : t("warning-noticed"),
    loud: true,
    action: { words: t("warning-look"), open: onLook },
  };
}

/** The line is down for a while, or what was missed is being fetched. */
export function useLineItem(room: TalkView): StripItem | null {
  const status = room.status.value;
  const down = useLasting(status === "offline", PATIENCE);
  const cutOff = useApp().connection.value === "cut_off";
  if (down && cutOff) return { key: "cut off", rank: 3, icon: "offline", words: t("strip-cut-off"), full: t("status-cut-off") };
  if (down) {
    const saved = room.timeline.value.some((item) => item.kind === "message" && item.state === "sending");
    return { key: "offline", rank: 3, icon: "offline", words: saved ? t("strip-offline-saved") : t("strip-offline"), full: saved ? t("status-offline-saved") : t("status-offline") };
  }
  if (status === "rekeying") return { key: "rekeying", rank: 6, icon: "clock", words: t("strip-rekeying"), full: t("status-rekeying") };
  if (status === "catching_up") return { key: "catching-up", rank: 6, icon: "clock", words: t("status-catching-up"), full: t("status-catching-up") };
  return null;
}

function useLasting(so: boolean, milliseconds: number): boolean {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    setLasts(false);
    if (!so) return;
    const timer = setTimeout(() => setLasts(true), milliseconds);
    return () => clearTimeout(timer);
  }, [so, milliseconds]);
  return so && lasts;
}

/** For those who look after a group: who asks them for help and has no answer yet. `except` is the room that is in sight. */
export function askedItems(main: RoomView, except?: FurtherView): readonly StripItem[] {
  return main.further.value
    .filter((room) => isAsking(room) && room !== except)
    .map((room) => {
      const who = room.about.value?.pseudonym ?? t("someone");
      const words = t("help-asks", { who });
      const action = { words: t("help-go", { who }), href: `/g/${room.groupId}/${room.room}` };
      return { key: `asked ${room.room}`, rank: 2, icon: "help", words, full: words, loud: true, action };
    });
}

/** For whoever asked for help: whether anybody knows, for as long as nobody has answered. */
export function callItem(room: RoomView, onHelp: () => void): StripItem | null {
  const own = ownAside(room);
  const call = room.call.value;
  const of = { rank: 2, icon: "help" } as const;
  if (call !== null) {
    const full = callWords(room);
    const words = call === "unreached" ? t("strip-unreached") : t("strip-telling");
    return { ...of, key: `call ${full}`, words, full, action: { words: t("help-whom"), open: onHelp } };
  }
  if (own?.help.value !== "asked") return null;
  return { ...of, key: "called", words: t("help-mine"), full: t("help-mine"), action: { words: t("help-write"), href: `/g/${own.groupId}/${own.room}` } };
}

/** In an aside in which somebody asks for help: for them, how to say that they are all right; for the others, how to begin. */
export function helpHereItem(main: RoomView, room: FurtherView): StripItem | null {
  const about = room.about.value;
  const help = room.help.value;
  if (!about || !help || (help === "answered" && !about.me)) return null;
  const of = { key: "help here", rank: 2, icon: "help" } as const;
  if (!about.me) return { ...of, words: t("help-asks", { who: about.pseudonym }), full: t("help-begin", { who: about.pseudonym }) };
  return { ...of, words: t("help-mine"), full: t("help-mine"), action: { words: t("help-ok"), act: () => main.sayOk() } };
}
