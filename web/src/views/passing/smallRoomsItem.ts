/** What the strip says of small rooms: in the group's room the way to them, in one of them how long it lasts. */
import type { FurtherView, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useNow } from "../care/useNow";
import type { SheetName } from "../room/inRoom";
import { navigate } from "../router";
import type { StripItem } from "../strip/item";
import { minutesLeft } from "./minutes";
import { runsSessions } from "./rights";

/** Milliseconds before the end at which it is said that it comes. */
const SOON = 2 * 60_000;

/** The way to one's own room; where there are several to go to, or they are one's to call back, to the list of them. */
export function useSmallRoomsItem(room: RoomView, onOpen: (sheet: SheetName) => void): StripItem | null {
  const now = useNow(room);
  const small = room.passing.small.value;
  const [first] = small;
  if (!first) return null;
  const count = minutesLeft(first.closes, now);
  const shown = small.filter(({ mine, visits }) => mine || visits);
  const [own] = shown;
  const enter = own && shown.length === 1 && !runsSessions(room);
  const action = enter
    ? { words: t("further-go"), act: async () => navigate(`/g/${room.groupId}/${await room.passing.enter(own.id)}`) }
    : { words: t("small-look"), open: () => onOpen({ kind: "break-out" }) };
  const late = small.some((one) => one.late);
  const words = late ? t("strip-small-late") : t("small-title");
  return { key: late ? "small late" : "small", rank: 7, icon: "people", words, full: late ? t("small-late") : words, aside: t("minutes-left", { count }), action };
}

/** In a small room: how long it lasts, that it is about to end, and the way back. */
export function useSmallRoomItem(main: RoomView, room: FurtherView): StripItem | null {
  const now = useNow(main);
  const small = main.passing.small.value.find(({ id }) => id === room.room);
  if (!small) return null;
  const soon = small.closes - now <= SOON;
  const back = async (): Promise<void> => {
    await room.leave();
    navigate(`/g/${main.groupId}`);
  };
  return {
    key: soon ? "small soon" : "small",
    rank: 7,
    icon: "clock",
    words: soon ? t("strip-small-soon") : t("small-nothing-kept"),
    full: soon ? t("small-soon") : t("small-nothing-kept"),
    aside: t("minutes-left", { count: minutesLeft(small.closes, now) }),
    action: { words: t("small-back"), act: back },
  };
}
