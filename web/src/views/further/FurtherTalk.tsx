import { useEffect, useRef, useState } from "preact/hooks";
import type { FurtherView, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useArrival } from "../arrival";
import { Undo } from "../care/Undo";
import { GroupList } from "../home/GroupList";
import { useSmallRoomItem } from "../passing/smallRoomsItem";
import type { SheetName } from "../room/inRoom";
import { RoomBar } from "../room/RoomBar";
import { RoomSheet } from "../room/RoomSheet";
import { Speaking } from "../room/Speaking";
import { Timeline } from "../room/Timeline";
import { useFrame } from "../room/viewport";
import { WarningSheet } from "../room/WarningSheet";
import { focusWriting, Writing } from "../room/Writing";
import { TurnInSheet } from "../session/TurnInSheet";
import { InSheet } from "../shared/inSheet";
import { Ring } from "../shared/Ring";
import { inOrder } from "../strip/item";
import { Strip } from "../strip/Strip";
import { askedItems, helpHereItem, useLineItem, warningItem } from "../strip/talkItems";
import { pageName } from "../title";
import { FurtherSheet } from "./FurtherSheet";
import { furtherTitle } from "./title";

/** The conversation of a further room, with who is in it always in sight. */
export function FurtherTalk({ main, room }: { main: RoomView; room: FurtherView }) {
  const [sheet, setSheet] = useState<SheetName | "who" | "warnings" | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const { writing, big } = useFrame(frame);
  useArrival(frame);
  useEffect(() => {
    pageName.value = t("room-page");
  }, []);
  const items = inOrder([
    warningItem(room, () => setSheet("warnings")),
    ...askedItems(main, room),
    helpHereItem(main, room),
    useLineItem(room),
    useSmallRoomItem(main, room),
  ]);
  const close = (): void => setSheet(null);
  const toWriting = (): void => {
    close();
    focusWriting();
  };
  return (
    <div class="room" ref={frame} data-writing={writing ? "" : undefined} data-big={big ? "" : undefined}>
      <a class="skip" href="#write">
        {t("skip-to-write")}
      </a>
      <nav class="room-side" aria-label={t("groups-title")}>
        <a class="room-home" href="/">
          {t("product")}
        </a>
        <h2>{t("groups-title")}</h2>
        <GroupList current={room.groupId} />
      </nav>
      <main class="room-middle">
        <RoomBar
          name={furtherTitle(room, main)}
          certain={room.status.value !== "halted"}
          count={room.members.value.length}
          part={null}
          back={{ href: `/g/${room.groupId}`, words: t("further-back", { group: main.name.value }) }}
          writing={writing}
          onPlace={() => setSheet("who")}
          onHelp={() => setSheet({ kind: "help" })}
        />
        <Strip items={items} big={big} />
        <Timeline room={room} onOpen={setSheet} empty={<Empty main={main} room={room} />} />
        <Writing room={room} big={big} above={<Undo />} />
        <Speaking room={room} />
      </main>
      <InSheet.Provider value={<TurnInSheet room={main} talk={room} onGo={toWriting} />}>
        {sheet === "who" && <FurtherSheet main={main} room={room} onClose={close} />}
        {sheet === "warnings" && <WarningSheet room={room} onClose={close} />}
        {sheet !== null && typeof sheet === "object" && <RoomSheet room={main} sheet={sheet} big={big} onGo={setSheet} />}
      </InSheet.Provider>
    </div>
  );
}

const EMPTY = { staff: "staff-empty", aside: "aside-empty", capsule: "capsule-empty", breakout: "small-empty" } as const;

function Empty({ main, room }: { main: RoomView; room: FurtherView }) {
  return (
    <div class="empty">
      <div class="lamp middle small">
        <Ring />
      </div>
      <h2>{furtherTitle(room, main)}</h2>
      <p class="soft">{t(EMPTY[room.purpose.value])}</p>
    </div>
  );
}
