/** What comes next, offered where it is seen: to who leads after a round and in a part that has one, to anyone while nobody goes on. */
import { t } from "../../i18n/text";
import type { LiveView } from "../../room/liveView";
import { may } from "../../room/roles";
import type { RoomView } from "../../room/types";
import type { SheetName } from "../room/inRoom";
import { mayDo } from "../room/rights";
import type { IconName } from "../shared/Icon";
import { nameOf } from "./people";

/** Does something, or leads to a sheet. */
export type Offer = { readonly icon: IconName; readonly words: string } & (
  | { readonly act: () => Promise<void> }
  | { readonly open: SheetName }
);

/** Parts of an evening that are a round. */
const ROUNDS: ReadonlySet<string> = new Set(["check_in", "closing"]);

export function offersOf(room: RoomView, live: LiveView): readonly Offer[] {
  if (live.paused) return [];
  if (mayDo(room, "set_floor")) return [...afterRound(room, live), ...roundOfPart(room, live)];
  return withoutHolder(room, live);
}

/** Nobody has a turn any more: an open floor, and the next part. */
function afterRound({ leading }: RoomView, { terms, floor, sheet }: LiveView): readonly Offer[] {
  if (terms.mode !== "round" || floor.holder !== null) return [];
  const open: Offer = { icon: "leaf", words: t("run-open-floor"), act: () => leading.setFloor("open", 0, null) };
  const following = sheet.at === null ? 0 : sheet.at + 1;
  const title = sheet.segments[following]?.title;
  if (title === undefined) return [open];
  return [open, { icon: "on", words: sheet.at === null ? t("run-segment-first", { title }) : t("run-segment", { title }), act: () => leading.moveOn(following) }];
}

/** A check-in or a closing part, in which no round has begun yet. */
export function roundOfPart(room: RoomView, { terms, sheet }: LiveView): readonly Offer[] {
  const part = sheet.at === null ? undefined : sheet.segments[sheet.at];
  if (!part || terms.mode === "round" || !ROUNDS.has(part.kind)) return [];
  const begun = room.timeline.value.some((item) => item.kind === "notice" && item.what === "round" && item.time >= sheet.since);
  return begun ? [] : [{ icon: "again", words: t("run-round-of", { title: part.title }), open: { kind: "round" } }];
}

/** Whoever has the floor is gone, and nobody is here who could give it to another. */
function withoutHolder(room: RoomView, { floor }: LiveView): readonly Offer[] {
  const { holder, turn, queue } = floor;
  const here = room.members.value.filter((member) => member.here === true);
  const absent = holder !== null && room.members.value.some(({ id, here: connected }) => id === holder && connected === false);
  if (!absent || here.some(({ role }) => may(role, "give_floor"))) return [];
  const later = here.some(({ id }) => queue.includes(id));
  return [{ icon: "on", words: t("turn-without", { name: nameOf(room, holder) }), act: () => room.leading.skipAbsent(turn, later) }];
}
