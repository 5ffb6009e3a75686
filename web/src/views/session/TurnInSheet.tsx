import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import type { RoomView, TalkView } from "../../room/types";
import { newestSeq } from "../room/lines";
import { Icon } from "../shared/Icon";
import { floorWords } from "./floorWords";
import { hasTurnLine } from "./TurnLine";
import { talkOf } from "./talk";

/** In an open sheet: whose turn it is, and how much has been said since; one tap leads back to it. */
export function TurnInSheet({ room, talk, onGo }: { room: RoomView; talk: TalkView; onGo: () => void }) {
  // Turns are taken where the group talks, not in a further room.
  const live = talk === talkOf(room) ? room.live.value : null;
  const items = talk.timeline.value;
  const [since] = useState(() => newestSeq(items));
  const count = items.filter((item) => item.kind === "message" && !item.mine && (item.seq ?? 0) > since).length;
  const turns = live && live.terms.mode !== "open" && hasTurnLine(live) ? floorWords(room, live) : null;
  if (!turns && count === 0) return null;
  const holder = live?.floor.holder ?? null;
  const mine = holder !== null && holder === room.me.value?.id;
  const words = [turns?.now, turns?.then, count > 0 ? t("sheet-new", { count }) : null].filter((part) => part !== null && part !== undefined);
  return (
    <button type="button" class="sheet-turn" data-light={mine ? "mine" : undefined} onClick={onGo}>
      <Icon name={turns ? "hand" : "note"} />
      <span dir="auto">{words.join(" · ")}</span>
      <span class="sheet-turn-go">{t("sheet-go")}</span>
    </button>
  );
}
