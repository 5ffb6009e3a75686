import { useState } from "preact/hooks";
import { mayOffer, RANKS } from "../../room/roles";
import type { Role } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import type { InRoom } from "../room/inRoom";
import { mayDo } from "../room/rights";
import { aRole, nowWords, roleName } from "../room/roleWord";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { Mark } from "../shared/Mark";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { Duties } from "./Duties";
import { offerUndo } from "./undo";

const ROLES: readonly Role[] = ["guest", "member", "moderator", "facilitator", "owner"];

/** What someone is in the group: a higher role is offered, a lower one is given. */
export function RoleSheet({ room, onClose, onGo, memberId, wanted }: InRoom & { memberId: string; wanted?: Role | undefined }) {
  const action = useAction();
  const member = room.members.value.find((known) => known.id === memberId);
  const me = room.me.value;
  const [role, setRole] = useState<Role | null>(wanted ?? null);
  if (!member || !me) return null;
  const name = member.pseudonym;
  const higher = ROLES.filter((one) => mayOffer(me.role, member.role, one));
  const lower = mayDo(room, "demote", member) ? ROLES.filter((one) => RANKS[one] < RANKS[member.role]) : [];
  const rises = role !== null && higher.includes(role);
  const done = (words: string): void => {
    offerUndo({ words, undo: null });
    onClose();
  };
  const change = async (to: Role): Promise<void> => {
    if (rises) {
      await room.doing.offerRole(memberId, to);
      done(t("offer-done", { name }));
    } else {
      await room.doing.demote(memberId, to);
      done(t("demote-done", { name, role: aRole(to) }));
    }
  };
  return (
    <Sheet
      title={t("role-title", { name })}
      under={roleName(member.role)}
      lead={<Mark member={memberId} />}
      onClose={onClose}
      onBack={() => onGo({ kind: "person", member: memberId })}
    >
      {member.offered && (
        <div class="box">
          <p>{t("offer-waits", { name, role: aRole(member.offered) })}</p>
          {mayOffer(me.role, member.role, member.offered) && (
            <Button small idle={action.busy} onPress={() => action.run(() => room.doing.endOffer(memberId))}>
              {t("offer-take-back")}
            </Button>
          )}
        </div>
      )}
      <Choices
        legend={t("role-legend", { name })}
        value={role ?? member.role}
        options={[...lower, member.role, ...higher].map((value) => ({ value, label: roleName(value) }))}
        onChoose={(chosen) => setRole(chosen === member.role ? null : chosen)}
      />
      {role !== null && <Duties role={role} />}
      {rises && <p class="soft">{t("offer-how", { name })}</p>}
      {role !== null && !rises && (
        <div class="box">
          <p class="why">{t("remove-room-sees")}</p>
          <p>{t("quoted", { words: nowWords(name, role) })}</p>
        </div>
      )}
      <Trouble code={action.code} />
      {role !== null && (
        <Button kind="primary" idle={action.busy} onPress={() => action.run(() => change(role))}>
          {rises ? t("offer-do", { name, role: aRole(role) }) : t("demote-do", { name, role: aRole(role) })}
        </Button>
      )}
    </Sheet>
  );
}
