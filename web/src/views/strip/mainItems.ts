/** What a group's own room can say in its strip. */
import type { FurtherView, RoomView } from "../../room/types";
import { isAsking } from "../../room/help";
import { t } from "../../i18n/text";
import { useBallotItem } from "../ballots/ballotItem";
import { furtherTitle } from "../further/title";
import { offerKey } from "../care/OfferSheet";
import { capsuleItem } from "../passing/capsuleItem";
import { useSmallRoomsItem } from "../passing/smallRoomsItem";
import type { SheetName } from "../room/inRoom";
import { isStaff, mayAdmit } from "../room/rights";
import { aRole } from "../room/roleWord";
import { useSessionItems } from "../session/sessionItems";
import { inOrder, type StripItem } from "./item";
import { isPutOff } from "./putOff";
import { askedItems, callItem, useLineItem, warningItem } from "./talkItems";

export function useMainItems(room: RoomView, onOpen: (sheet: SheetName) => void): readonly StripItem[] {
  return inOrder([
    warningItem(room, () => onOpen({ kind: "warnings" })),
    ...askedItems(room),
    callItem(room, () => onOpen({ kind: "help" })),
    useLineItem(room),
    reportItem(room, onOpen),
    doorItem(room, onOpen),
    ...useSessionItems(room),
    quietItem(room),
    ...furtherItems(room),
    useSmallRoomsItem(room, onOpen),
    useBallotItem(room, onOpen),
    capsuleItem(room),
    offerItem(room, onOpen),
    awayItem(room),
  ]);
}

function reportItem(room: RoomView, onOpen: (sheet: SheetName) => void): StripItem | null {
  const count = room.reports.waiting.value;
  if (count === 0 || !isStaff(room)) return null;
  const action = { words: t("desk-open"), open: () => onOpen({ kind: "desk" }) };
  return { key: "desk", rank: 4, icon: "look", words: t("strip-reports", { count }), full: t("desk-banner", { count }), action };
}

function doorItem(room: RoomView, onOpen: (sheet: SheetName) => void): StripItem | null {
  const waiting = room.waiting.value;
  const [first] = waiting;
  if (!first || !mayAdmit(room)) return null;
  const words = t("waiting-banner", { count: waiting.length, name: first.pseudonym || t("someone") });
  return { key: "door", rank: 5, icon: "door", words, full: words, action: { words: t("waiting-see"), open: () => onOpen({ kind: "waiting" }) } };
}

function quietItem(room: RoomView): StripItem | null {
  if (!room.quiet.value || !isStaff(room)) return null;
  const action = { words: t("quiet-open"), act: () => room.doing.muteAll(false) };
  return { key: "quiet", rank: 6, icon: "quiet", words: t("strip-quiet"), full: t("quiet-banner"), action };
}

/** Something waits in a further room, or one is new. */
function furtherItems(room: RoomView): readonly StripItem[] {
  return room.further.value
    .filter((one) => !isAsking(one) && (one.unread.value > 0 || isNew(one)))
    .map((one) => {
      const title = furtherTitle(one);
      const count = one.unread.value;
      const action = { words: t("further-go"), href: `/g/${one.groupId}/${one.room}` };
      const words = count > 0 ? t("strip-unread", { title, count }) : title;
      const full = count > 0 ? t("further-unread", { title, count }) : t("further-new", { names: title });
      return { key: `further ${one.room}`, rank: 6, icon: one.purpose.value === "staff" ? "people" : "heart", words, full, action };
    });
}

/** A member for whom an aside was opened, and in which nothing has been said yet. */
function isNew(room: FurtherView): boolean {
  return room.about.value?.me === true && room.help.value === null && !room.timeline.value.some(({ kind }) => kind === "message");
}

function offerItem(room: RoomView, onOpen: (sheet: SheetName) => void): StripItem | null {
  const offer = room.offer.value;
  if (!offer || isPutOff(offerKey(room))) return null;
  const full = t("offer-banner", { by: offer.by, role: aRole(offer.role) });
  // Somebody waits for the answer, in a session too: who leads it may have to go.
  return { key: "offer", rank: 8, icon: "people", words: t("offer-by", { by: offer.by }), full, action: { words: t("offer-look"), open: () => onOpen({ kind: "offer" }) } };
}

function awayItem(room: RoomView): StripItem | null {
  if (!room.me.value?.away) return null;
  return { key: "away", rank: 6, icon: "pass", words: t("strip-away"), full: t("away-banner"), action: { words: t("step-back"), act: () => room.stepOut(false) } };
}
