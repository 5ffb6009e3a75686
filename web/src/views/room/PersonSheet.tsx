import { useState } from "preact/hooks";
import type { Member } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { Mark } from "../shared/Mark";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { mayRemove } from "./rights";
import { roleWord } from "./roleWord";
import type { InRoom } from "./inRoom";

function about(member: Member): string {
  const role = roleWord(member.role) ?? t("role-member");
  return member.here === true ? t("person-role-here", { role }) : role;
}

/** One person of the group, and what may be done about them. */
export function PersonSheet({ room, onClose, onGo, memberId }: InRoom & { memberId: string }) {
  const [removing, setRemoving] = useState(false);
  const action = useAction();
  const member = room.members.value.find((known) => known.id === memberId);
  if (!member) {
    return (
      <Sheet title={t("person-gone")} onClose={onClose}>
        <Button onPress={onClose}>{t("close")}</Button>
      </Sheet>
    );
  }
  const name = member.pseudonym;
  return (
    <Sheet
      title={name}
      under={about(member)}
      lead={<Mark member={member.id} />}
      onClose={onClose}
      onBack={() => (removing ? setRemoving(false) : onGo({ kind: "people" }))}
    >
      {removing ? (
        <>
          <h3>{t("remove-title", { name })}</h3>
          <p>{t("remove-words", { name })}</p>
          <div class="box">
            <p class="why">{t("remove-they-see", { name })}</p>
            <p>{t("quoted", { words: `${t("removed-title", { group: room.name.value })}. ${t("removed-words")}` })}</p>
          </div>
          <div class="box">
            <p class="why">{t("remove-room-sees")}</p>
            <p>{t("quoted", { words: t("notice-removed", { who: name, by: room.me.value?.pseudonym ?? t("someone") }) })}</p>
          </div>
          <Trouble code={action.code} />
          <div class="buttons">
            <Button
              kind="remove"
              idle={action.busy}
              onPress={() =>
                action.run(async () => {
                  await room.doing.remove(member.id, false, null);
                  onClose();
                })
              }
            >
              {action.busy ? t("remove-busy") : t("remove-do", { name })}
            </Button>
            <Button onPress={() => setRemoving(false)}>{t("remove-not")}</Button>
          </div>
        </>
      ) : (
        <div class="rows">
          <div class="row">
            <Icon name="lock" />
            <span class="row-words">
              <b>{t("person-reads", { count: member.keyHolders })}</b>
              <span class="note">{t("person-reads-note")}</span>
            </span>
          </div>
          {member.agreed && (
            <div class="row">
              <Icon name="check" />
              <span class="row-words">
                <b>{t("person-agreed")}</b>
              </span>
            </div>
          )}
          {mayRemove(room, member) && (
            <button type="button" class="row remove" onClick={() => setRemoving(true)}>
              <Icon name="remove" />
              <span class="row-words">
                <b>{t("remove-open")}</b>
                <span class="note">{t("asks-once-more")}</span>
              </span>
              <Icon name="on" />
            </button>
          )}
        </div>
      )}
    </Sheet>
  );
}
