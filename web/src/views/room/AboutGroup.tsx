import { t } from "../../i18n/text";
import { keptWords } from "../care/KeepingSheet";
import { Icon } from "../shared/Icon";
import { Row } from "../shared/Row";
import { Rules } from "../shared/Rules";
import { Sheet } from "../shared/Sheet";
import { mayAdmit, mayDo } from "./rights";
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
      <div class="rows">
        {mayDo(room, "rename_group") && (
          <Row icon="note" words={t("group-name")} under={room.name.value} onPress={() => onGo({ kind: "group-name" })} />
        )}
        {(mayAdmit(room) || room.me.value?.agreed === false) && (
          <Row
            icon="leaf"
            words={t("rules-name")}
            under={t("rules-edition", { number: room.rulesVersion.value })}
            onPress={() => onGo({ kind: "rules" })}
          />
        )}
        {mayDo(room, "retain") ? (
          <Row icon="clock" words={t("keeping")} under={keptWords(room.days.value)} onPress={() => onGo({ kind: "keeping" })} />
        ) : (
          <div class="row">
            <Icon name="clock" />
            <span class="row-words">
              <b>{t("keeping")}</b>
              <span class="note">{keptWords(room.days.value)}</span>
            </span>
          </div>
        )}
        <Row icon="note" words={t("charter-title")} under={t("charter-under")} onPress={() => onGo({ kind: "charter" })} />
      </div>
      <p class="note">{t("about-group-kept")}</p>
    </Sheet>
  );
}
