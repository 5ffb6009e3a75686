import { useEffect, useRef, useState } from "preact/hooks";
import type { FurtherView, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useArrival } from "../arrival";
import { HelpAsked } from "../help/HelpAsked";
import { HelpHere } from "../help/HelpHere";
import { GroupList } from "../home/GroupList";
import { Composer } from "../room/Composer";
import { Speaking } from "../room/Speaking";
import { StatusLine } from "../room/StatusLine";
import { Timeline } from "../room/Timeline";
import { useViewportHeight } from "../room/viewport";
import { WarningSheet } from "../room/WarningSheet";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { Leave } from "../shared/Leave";
import { Mark } from "../shared/Mark";
import { Ring } from "../shared/Ring";
import { pageName } from "../title";
import { SmallRoomLine } from "../passing/SmallRoomLine";
import { FurtherSheet } from "./FurtherSheet";
import { furtherTitle } from "./title";

/** The conversation of a further room, with who is in it always in sight. */
export function FurtherTalk({ main, room }: { main: RoomView; room: FurtherView }) {
  const [sheet, setSheet] = useState<"who" | "warnings" | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  useViewportHeight(frame);
  useArrival(frame);
  useEffect(() => {
    pageName.value = t("room-page");
  }, []);
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
      </nav>
      <main class="room-middle">
        <FurtherBar main={main} room={room} onWho={() => setSheet("who")} />
        <div class="banners">
          <HelpAsked main={main} except={room} />
          <HelpHere main={main} room={room} />
          <SmallRoomLine main={main} room={room} />
        </div>
        <div class="banners" role="alert">
          {room.warnings.value.length > 0 && (
            <div class="banner">
              <Icon name="look" />
              <p>{room.status.value === "halted" ? t("warning-halted") : t("warning-noticed")}</p>
              <Button small onPress={() => setSheet("warnings")}>
                {t("warning-look")}
              </Button>
            </div>
          )}
        </div>
        <Timeline room={room} empty={<Empty main={main} room={room} />} />
        <div class="room-foot">
          <StatusLine room={room} />
          <Composer room={room} />
        </div>
        <Speaking room={room} />
      </main>
      {sheet === "who" && <FurtherSheet main={main} room={room} onClose={() => setSheet(null)} />}
      {sheet === "warnings" && <WarningSheet room={room} onClose={() => setSheet(null)} />}
    </div>
  );
}

function FurtherBar({ main, room, onWho }: { main: RoomView; room: FurtherView; onWho: () => void }) {
  const members = room.members.value;
  const certain = room.status.value !== "halted";
  return (
    <header class="room-bar further-bar">
      <a class="round" href={`/g/${room.groupId}`} aria-label={t("further-back", { group: main.name.value })}>
        <Icon name="back" />
      </a>
      <h1 tabIndex={-1} dir="auto">
        {furtherTitle(room, main)}
      </h1>
      <button type="button" class="room-who" onClick={onWho}>
        {members.slice(0, 3).map((member) => (
          <Mark key={member.id} member={member.id} />
        ))}
        <span class="unseen">{t("people-button", { count: members.length })}</span>
      </button>
      <div class="room-line">
        <button type="button" class="lock-line" data-doubt={certain ? undefined : ""} onClick={onWho}>
          <Icon name={certain ? "lock" : "look"} />
          <span>{certain ? t("further-lock", { count: members.length }) : t("lock-line-halted")}</span>
        </button>
        <Leave />
      </div>
    </header>
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
