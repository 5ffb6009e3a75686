import { t } from "../../i18n/text";
import { clock, when } from "../../i18n/time";
import { Button } from "../shared/Button";
import { Icon, type IconName } from "../shared/Icon";
import { Row } from "../shared/Row";
import { Sheet } from "../shared/Sheet";
import { nameOf } from "../session/people";
import { Parts } from "../session/Parts";
import { talkOf } from "../session/talk";
import type { InRoom } from "./inRoom";

/** All there is to know about the place: who can read it, the session that is on with its parts, and who is here. */
export function AboutRoom({ room, onClose, onGo }: InRoom) {
  const live = room.live.value;
  const session = live?.session;
  const [next] = room.plans.sessions.value;
  const certain = room.status.value !== "halted";
  const count = talkOf(room).members.value.length;
  const under = session ? t("place-until", { title: live.title ?? t("live-sheet"), until: clock(session.closes) }) : t("live-no-session");
  return (
    <Sheet title={room.name.value} under={under} onClose={onClose}>
      <div class="lock-box" data-doubt={certain ? undefined : ""}>
        <Icon name={certain ? "lock" : "look"} />
        <p>{certain ? t("people-readers", { count }) : t("lock-line-halted")}</p>
        <Button kind="quiet" small onPress={() => onGo(certain ? { kind: "people" } : { kind: "warnings" })}>
          {certain ? t("place-who") : t("warning-look")}
        </Button>
      </div>
      {live && live.sheet.segments.length > 0 && (
        <section class="part">
          <h3>{t("place-evening")}</h3>
          <Parts live={live} />
        </section>
      )}
      <ul class="place-facts">
        {factsOf({ room }).map(([icon, words]) => (
          <li key={words} class="with-icon">
            <Icon name={icon} />
            <span>{words}</span>
          </li>
        ))}
      </ul>
      <div class="rows">
        <Row icon="people" words={t("people-title")} under={t("people-button", { count })} onPress={() => onGo({ kind: "people" })} />
        {session && <Row icon="hand" words={t("floor-line")} onPress={() => onGo({ kind: "turns" })} />}
        <Row icon="clock" words={t("schedule")} under={next ? when(next.start) : t("schedule-none-short")} onPress={() => onGo({ kind: "schedule" })} />
      </div>
    </Sheet>
  );
}

/** How the session that is on is run today. */
function factsOf({ room }: Pick<InRoom, "room">): readonly (readonly [IconName, string])[] {
  const live = room.live.value;
  if (!live?.session) return [];
  const { lead } = live.session;
  const mine = lead === room.me.value?.id;
  return [
    ["person", lead === null ? t("live-lead-none") : mine ? t("live-lead-you") : t("live-lead", { name: nameOf(room, lead) })],
    ...(live.pace === "gentle" ? [["leaf", t("live-gentle-words")] as const] : []),
    ...(live.slow > 0 ? [["leaf", t("live-slow-words")] as const] : []),
    ...(live.locked ? [["door", t("live-locked-words")] as const] : []),
  ];
}
