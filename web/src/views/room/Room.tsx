import { useEffect, useRef, useState } from "preact/hooks";
import { keepPlanned } from "../../room/planning";
import type { LiveView } from "../../room/liveView";
import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useArrival } from "../arrival";
import { GroupList } from "../home/GroupList";
import { pageName } from "../title";
import { CapsuleEmpty } from "../passing/CapsuleEmpty";
import { FloorVoice } from "../session/FloorVoice";
import { Parts } from "../session/Parts";
import { TurnInSheet } from "../session/TurnInSheet";
import { Boundary } from "../shared/Boundary";
import { InSheet } from "../shared/inSheet";
import { useMainItems } from "../strip/mainItems";
import { Strip } from "../strip/Strip";
import { Empty } from "./Empty";
import { Foot } from "./Foot";
import { isHalf, type SheetName } from "./inRoom";
import type { Lit } from "./lit";
import { MainBar } from "./MainBar";
import { PeopleList } from "./PeopleList";
import { RoomSheet } from "./RoomSheet";
import { Speaking } from "./Speaking";
import { Timeline } from "./Timeline";
import { useFrame } from "./viewport";
import { focusWriting } from "./Writing";

/** The conversation in the middle; where there is room, the groups and the people beside it. */
export function Room({ room }: { room: RoomView }) {
  const [sheet, setSheet] = useState<SheetName | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  // While the session is held in a room of which nothing is kept, that is what is in the middle.
  const capsule = room.passing.capsule.value;
  const { writing, big } = useFrame(frame);
  useArrival(frame);
  useEffect(() => keepPlanned(room), [room]);
  useEffect(() => {
    pageName.value = t("room-page");
  }, []);
  const toWriting = (): void => {
    setSheet(null);
    focusWriting();
  };
  const live = room.live.value;
  const broken = <p class="notice">{t("line-broken")}</p>;
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
        {live?.session && live.sheet.segments.length > 0 && (
          <>
            <h2>{t("live-parts")}</h2>
            <Parts live={live} />
          </>
        )}
      </nav>
      <main class="room-middle">
        <MainBar room={room} writing={writing} onOpen={setSheet} />
        <Boundary instead={broken}>
          <MainStrip room={room} big={big} onOpen={setSheet} />
        </Boundary>
        {capsule ? (
          <Timeline key={capsule.room} room={capsule} onOpen={setSheet} lit={litOf(live)} empty={<CapsuleEmpty />} />
        ) : (
          <Timeline room={room} onOpen={setSheet} lit={litOf(live)} empty={<Empty room={room} onOpen={setSheet} />} />
        )}
        <Boundary instead={broken}>
          <Foot room={room} talk={capsule ?? room} big={big} onOpen={setSheet} />
        </Boundary>
        {sheet && isHalf(sheet) && <RoomSheet room={room} sheet={sheet} big={big} onGo={setSheet} />}
        <Boundary instead={null}>
          <Speaking room={room} />
          <FloorVoice room={room} />
          {capsule && <Speaking key={capsule.room} room={capsule} />}
        </Boundary>
      </main>
      <aside class="room-people" aria-label={t("people-title")}>
        <h2>{t("people-title")}</h2>
        <PeopleList members={room.members.value} live={live} onOpen={(member) => setSheet({ kind: "person", member })} />
      </aside>
      {sheet && !isHalf(sheet) && (
        <InSheet.Provider value={<TurnInSheet room={room} talk={capsule ?? room} onGo={toWriting} />}>
          <RoomSheet room={room} sheet={sheet} big={big} onGo={setSheet} />
        </InSheet.Provider>
      )}
    </div>
  );
}

function MainStrip({ room, big, onOpen }: { room: RoomView; big: boolean; onOpen: (sheet: SheetName) => void }) {
  return <Strip items={useMainItems(room, onOpen)} big={big} />;
}

/** Whose words stand in the light of the lamp: of who has the floor, since they have it. */
function litOf(live: LiveView | null): Lit | null {
  const holder = live?.floor.holder ?? null;
  return live && holder !== null ? { member: holder, since: live.floor.since } : null;
}
