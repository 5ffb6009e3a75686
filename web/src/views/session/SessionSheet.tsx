import { t } from "../../i18n/text";
import { clock, fullTime } from "../../i18n/time";
import { Icon, type IconName } from "../shared/Icon";
import { Sheet } from "../shared/Sheet";
import type { InRoom } from "../room/inRoom";
import { nameOf } from "./people";
import { Parts } from "./Parts";

/** The session that is on, for everyone: until when, who leads it, how it is run today, and its parts. */
export function SessionSheet({ room, onClose }: InRoom) {
  const live = room.live.value;
  const session = live?.session;
  if (!live || !session) {
    const next = live?.next;
    return (
      <Sheet title={t("live-sheet")} onClose={onClose}>
        <p>{t("live-no-session")}</p>
        {next && <p>{t("live-next", { title: next.title, day: fullTime(next.start) })}</p>}
      </Sheet>
    );
  }
  const { lead } = session;
  const mine = lead === room.me.value?.id;
  const leads = lead === null ? t("live-lead-none") : mine ? t("live-lead-you") : t("live-lead", { name: nameOf(room, lead) });
  const facts: readonly (readonly [IconName, string])[] = [
    ["clock", t("live-ends", { until: clock(session.closes) })],
    ["people", leads],
    ...(live.pace === "gentle" ? [["leaf", t("live-gentle-words")] as const] : []),
    ...(live.slow > 0 ? [["leaf", t("live-slow-words")] as const] : []),
    ...(live.locked ? [["door", t("live-locked-words")] as const] : []),
  ];
  return (
    <Sheet title={live.title ?? t("live-sheet")} onClose={onClose}>
      <ul class="rows">
        {facts.map(([icon, words]) => (
          <li key={words} class="row">
            <Icon name={icon} />
            <span class="row-words">{words}</span>
          </li>
        ))}
      </ul>
      {live.sheet.segments.length > 0 && (
        <section class="part">
          <h3>{t("live-parts")}</h3>
          <Parts live={live} />
        </section>
      )}
    </Sheet>
  );
}
