import { STAFF } from "../../room/roles";
import type { Member, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { MutePart } from "../care/MutePart";
import { offerUndo } from "../care/undo";
import { GiveFloorRow } from "../session/GiveFloorRow";
import { GuestPart } from "../door/GuestPart";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { Mark } from "../shared/Mark";
import { Row } from "../shared/Row";
import { Sheet } from "../shared/Sheet";
import { Switch } from "../shared/Switch";
import { Trouble } from "../shared/Trouble";
import { isStaff, mayChangeRole, mayDo } from "./rights";
import { roleName } from "./roleWord";
import type { InRoom, SheetName } from "./inRoom";

function about(member: Member): string {
  const role = roleName(member.role);
  if (member.away) return t("person-away", { role });
  return member.here === true ? t("person-role-here", { role }) : role;
}

/** One person of the group, and what may be done about them. */
export function PersonSheet({ room, onClose, onGo, memberId, back }: InRoom & { memberId: string; back: SheetName | undefined }) {
  const member = room.members.value.find((known) => known.id === memberId);
  if (!member) {
    return (
      <Sheet title={t("person-gone")} onClose={onClose}>
        <Button onPress={onClose}>{t("close")}</Button>
      </Sheet>
    );
  }
  return (
    <Sheet
      title={member.pseudonym}
      under={about(member)}
      lead={<Mark member={member.id} />}
      onClose={onClose}
      onBack={() => onGo(back ?? { kind: "people" })}
    >
      {member.role === "guest" && mayDo(room, "remove", member) && <GuestPart room={room} member={member} onDone={onClose} />}
      {member.listening && mayDo(room, "let_speak", member) && <Listening room={room} member={member} onDone={onClose} />}
      {mayDo(room, "mute", member) && <MutePart room={room} member={member} onDone={onClose} />}
      <div class="rows">
        <div class="row">
          <Icon name="lock" />
          <span class="row-words">
            <b>{t("person-reads", { count: member.keyHolders })}</b>
            <span class="note">{t("person-reads-note")}</span>
          </span>
        </div>
        {!member.me && (isStaff(room) || STAFF.includes(member.role)) && (
          <Row
            icon="heart"
            words={t("aside-open")}
            under={t("aside-open-under")}
            onPress={() => onGo({ kind: "aside", member: member.id })}
          />
        )}
        <GiveFloorRow room={room} member={member} onDone={onClose} />
        {member.agreed && (
          <div class="row">
            <Icon name="check" />
            <span class="row-words">
              <b>{t("person-agreed")}</b>
            </span>
          </div>
        )}
        {mayChangeRole(room, member) && (
          <Row
            icon="people"
            words={t("role-open")}
            under={member.offered ? t("role-waits") : roleName(member.role)}
            onPress={() => onGo({ kind: "role", member: member.id })}
          />
        )}
        {member.me && isStaff(room) && (
          <Row icon="pass" words={t("step-down")} under={roleName(member.role)} onPress={() => onGo({ kind: "step-down" })} />
        )}
        {!member.me && (
          <Row
            icon="hand"
            words={t("report-open-person", { name: member.pseudonym })}
            under={t("report-open-under")}
            onPress={() => onGo({ kind: "report", about: { kind: "person", member: member.id } })}
          />
        )}
        {!member.me && <Block room={room} member={member} />}
        {mayDo(room, "remove", member) && (
          <Row
            icon="remove"
            words={t("remove-open")}
            under={t("asks-once-more")}
            remove
            onPress={() => onGo({ kind: "remove", member: member.id })}
          />
        )}
      </div>
    </Sheet>
  );
}

/** A newcomer who only reads so far. */
function Listening({ room, member, onDone }: { room: RoomView; member: Member; onDone: () => void }) {
  const action = useAction();
  const name = member.pseudonym;
  return (
    <div class="box">
      <p>{t("listening-is", { name })}</p>
      <Trouble code={action.code} />
      <Button
        small
        idle={action.busy}
        onPress={() =>
          action.run(async () => {
            await room.doing.letSpeak(member.id);
            offerUndo({ words: t("let-speak-done", { name }), undo: null });
            onDone();
          })
        }
      >
        {t("let-speak-do", { name })}
      </Button>
    </div>
  );
}

/** On this device alone: nobody is told. */
function Block({ room, member }: { room: RoomView; member: Member }) {
  const action = useAction();
  return (
    <Switch
      label={t("block-switch", { name: member.pseudonym })}
      hint={t("block-hint", { name: member.pseudonym })}
      on={member.blocked}
      onChange={(on) => action.run(() => room.block(member.id, on))}
    />
  );
}
