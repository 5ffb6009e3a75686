import { STAFF } from "../../room/roles";
import type { Member, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import type { InRoom } from "../room/inRoom";
import { isStaff } from "../room/rights";
import { roleName } from "../room/roleWord";
import { navigate } from "../router";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { Mark } from "../shared/Mark";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";

/** A few words with one member, before it is opened: who will be there, and that nobody else hears of it. */
export function AsideSheet({ room, onClose, onGo, memberId }: InRoom & { memberId: string }) {
  const action = useAction();
  const member = room.members.value.find(({ id }) => id === memberId);
  const name = member?.pseudonym ?? t("someone");
  const more = staffOf(room).some(({ id }) => id !== memberId);
  return (
    <Sheet title={t("aside-with", { name })} onClose={onClose} onBack={() => onGo({ kind: "person", member: memberId })}>
      <p>{isStaff(room) ? t("aside-ask", { name }) : t("aside-ask-staff", { name })}</p>
      <p class="box">{more ? t("aside-two") : t("aside-one")}</p>
      <p class="note">{t("aside-nobody-hears")}</p>
      <Trouble code={action.code} />
      <div class="buttons">
        <Button
          kind="primary"
          idle={action.busy}
          onPress={() =>
            action.run(async () => {
              const there = await room.aside(memberId);
              // It may be opened from that very room.
              onClose();
              navigate(`/g/${room.groupId}/${there}`);
            })
          }
        >
          {action.busy ? t("aside-busy") : t("aside-do")}
        </Button>
        <Button onPress={onClose}>{t("close")}</Button>
      </div>
    </Sheet>
  );
}

/** Who runs this group, those who are here first: whom a member may turn to. */
export function TurnToSheet({ room, onClose, onGo }: InRoom) {
  const staff = staffOf(room);
  return (
    <Sheet title={t("turn-to")} onClose={onClose}>
      <p>{t("turn-to-words")}</p>
      <ul class="people">
        {staff.map((member) => (
          <li key={member.id}>
            <button type="button" class="row person" onClick={() => onGo({ kind: "aside", member: member.id })}>
              <span class="person-mark">
                <Mark member={member.id} />
                {member.here === true && <span class="person-here" />}
              </span>
              <span class="row-words">
                <b dir="auto">{member.pseudonym}</b>
                <span class="note">{member.here === true ? t("person-role-here", { role: roleName(member.role) }) : roleName(member.role)}</span>
              </span>
              <Icon name="on" />
            </button>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

export function staffOf(room: RoomView): readonly Member[] {
  const staff = room.members.value.filter(({ role, me }) => STAFF.includes(role) && !me);
  return staff.sort((a, b) => Number(b.here === true) - Number(a.here === true));
}
