import { t } from "../../i18n/text";
import { Rules } from "../shared/Rules";
import { Sheet } from "../shared/Sheet";
import type { InRoom } from "./inRoom";

/** What the group is, and its ground rules. */
export function AboutGroup({ room, onClose, onGo }: InRoom) {
  const welcome = room.welcome.value.trim();
  return (
    <Sheet
      title={room.name.value}
      under={t("groups-people", { count: room.members.value.length })}
      onClose={onClose}
      onBack={() => onGo({ kind: "menu" })}
    >
      {welcome !== "" && (
        <p class="said" dir="auto">
          {welcome}
        </p>
      )}
      <section class="part">
        <h3>{t("rules-title")}</h3>
        <Rules text={room.rules.value} />
      </section>
      <p class="note">{t("about-group-kept")}</p>
    </Sheet>
  );
}
