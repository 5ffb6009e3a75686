import { useEffect } from "preact/hooks";
import { t } from "../../i18n/text";
import { heardSince } from "../../room/airtime";
import { Mark } from "../shared/Mark";
import { Sheet } from "../shared/Sheet";
import type { InRoom } from "../room/inRoom";

/** For facilitators: who has not been heard yet, from what this device has read since the session began. */
export function HeardSheet({ room, onClose, onGo }: InRoom) {
  const from = room.live.value?.session?.opened ?? Infinity;
  const items = room.timeline.value;
  const more = room.goesOn.value && (items[0]?.time ?? Infinity) >= from;
  useEffect(() => {
    if (more) void room.lookBack();
  }, [room, more, items]);
  // Some may have spoken before it was chosen to keep nothing.
  const heard = heardSince([...items, ...(room.passing.capsule.value?.timeline.value ?? [])], from);
  const others = room.members.value.filter(({ me }) => !me);
  const not = others.filter(({ id }) => !heard.has(id));
  const yes = others.filter(({ id }) => heard.has(id)).sort((one, other) => (heard.get(one.id) ?? 0) - (heard.get(other.id) ?? 0));
  return (
    <Sheet title={t("heard-title")} under={t("run-heard-under")} onClose={onClose} onBack={() => onGo({ kind: "run" })}>
      <section class="part">
        <h3>{t("heard-not")}</h3>
        {not.length === 0 && <p class="soft">{t("heard-all")}</p>}
        <ul class="turns">
          {not.map(({ id, pseudonym, here }) => (
            <li key={id}>
              <Mark member={id} />
              <span class="turns-name" dir="auto">
                {pseudonym}
              </span>
              {here === true && <span class="note">{t("person-here")}</span>}
            </li>
          ))}
        </ul>
      </section>
      {yes.length > 0 && (
        <section class="part">
          <h3>{t("heard-yes")}</h3>
          <ul class="turns">
            {yes.map(({ id, pseudonym }) => (
              <li key={id}>
                <Mark member={id} />
                <span class="turns-name" dir="auto">
                  {pseudonym}
                </span>
                <span class="note">{t("heard-count", { count: heard.get(id) ?? 0 })}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="note">{t("heard-words")}</p>
    </Sheet>
  );
}
