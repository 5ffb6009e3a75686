import { useEffect, useRef, useState } from "preact/hooks";
import { keepPlanned } from "../../room/planning";
import type { LiveView } from "../../room/liveView";
import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { NextSession } from "../plan/NextSession";
import { useArrival } from "../arrival";
import { UndoBar } from "../care/UndoBar";
import { GroupList } from "../home/GroupList";
import { pageName } from "../title";
import { CapsuleEmpty } from "../passing/CapsuleEmpty";
import { LiveLine } from "../session/LiveLine";
import { Parts } from "../session/Parts";
import { TurnButtons } from "../session/TurnButtons";
import { Banner } from "./Banner";
import { Composer } from "./Composer";
import { Empty } from "./Empty";
import { PeopleList } from "./PeopleList";
import type { Lit } from "./lit";
import { RoomBar } from "./RoomBar";
import type { SheetName } from "./inRoom";
import { RoomSheet } from "./RoomSheet";
import { Speaking } from "./Speaking";
import { StatusLine } from "./StatusLine";
import { Timeline } from "./Timeline";
import { useViewportHeight } from "./viewport";
import { WaitingCard } from "./WaitingCard";

/** The conversation in the middle; where there is room, the groups and the people beside it. */
export function Room({ room }: { room: RoomView }) {
  const [sheet, setSheet] = useState<SheetName | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  // While the session is held in a room of which nothing is kept, that is what is in the middle.
  const capsule = room.passing.capsule.value;
  useViewportHeight(frame);
  useArrival(frame);
  useEffect(() => keepPlanned(room), [room]);
  useEffect(() => {
    pageName.value = t("room-page");
  }, []);
  const live = room.live.value;
  return (
    <div class="room" ref={frame}>
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
        <WaitingCard room={room} onOpen={() => setSheet({ kind: "waiting" })} />
      </nav>
      <main class="room-middle">
        <RoomBar room={room} onOpen={setSheet} />
        <Banner room={room} onOpen={setSheet} />
        <NextSession room={room} onOpen={setSheet} />
        {capsule ? (
          <Timeline key={capsule.room} room={capsule} lit={litOf(live)} empty={<CapsuleEmpty />} />
        ) : (
          <Timeline room={room} onOpen={setSheet} lit={litOf(live)} empty={<Empty room={room} onOpen={setSheet} />} />
        )}
        <div class="room-foot">
          <UndoBar />
          <StatusLine room={capsule ?? room} />
          <LiveLine room={room} onOpen={setSheet} />
          <Composer key={capsule?.room} room={capsule ?? room} onRules={() => setSheet({ kind: "rules" })} />
          <TurnButtons room={room} onOpen={setSheet} />
        </div>
        <Speaking room={room} />
        {capsule && <Speaking key={capsule.room} room={capsule} />}
      </main>
      <aside class="room-people" aria-label={t("people-title")}>
        <h2>{t("people-title")}</h2>
        <PeopleList members={room.members.value} live={live} onOpen={(member) => setSheet({ kind: "person", member })} />
      </aside>
      {sheet && <RoomSheet room={room} sheet={sheet} onGo={setSheet} />}
    </div>
  );
}

/** Whose words stand in the light of the lamp: of who has the floor, since they have it. */
function litOf(live: LiveView | null): Lit | null {
  const holder = live?.floor.holder ?? null;
  return live && holder !== null ? { member: holder, since: live.floor.since } : null;
}
