import { useState } from "preact/hooks";
import { RANKS } from "../../room/roles";
import type { Role } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import type { InRoom } from "../room/inRoom";
import { isLastOwner } from "../room/rights";
import { aRole, roleName } from "../room/roleWord";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { Duties } from "./Duties";
import { offerUndo } from "./undo";

const BELOW: readonly Role[] = ["member", "moderator", "facilitator"];

/** Giving a role back. The last owner hands over first. */
export function StepDownSheet({ room, onClose, onGo }: InRoom) {
  const [role, setRole] = useState<Role>("member");
  const action = useAction();
  const me = room.me.value;
  if (!me) return null;
  const onBack = (): void => onGo({ kind: "person", member: me.id });
  if (isLastOwner(room)) {
    return (
      <Sheet title={t("step-down")} onClose={onClose} onBack={onBack}>
        <p>{t("step-down-last", { group: room.name.value })}</p>
        <Button kind="primary" onPress={() => onGo({ kind: "hand-over" })}>
          {t("hand-over")}
        </Button>
      </Sheet>
    );
  }
  const below = BELOW.filter((one) => RANKS[one] < RANKS[me.role]);
  return (
    <Sheet title={t("step-down")} under={roleName(me.role)} onClose={onClose} onBack={onBack}>
      <p>{t("step-down-words")}</p>
      {below.length > 1 && (
        <Choices
          legend={t("step-down-to")}
          value={role}
          options={below.map((value) => ({ value, label: roleName(value) }))}
          onChoose={setRole}
        />
      )}
      <Duties role={role} />
      <Trouble code={action.code} />
      <div class="buttons">
        <Button
          kind="primary"
          idle={action.busy}
          onPress={() =>
            action.run(async () => {
              await room.doing.stepDown(role);
              offerUndo({ words: t("step-down-done"), undo: null });
              onClose();
            })
          }
        >
          {t("step-down-do", { role: aRole(role) })}
        </Button>
        <Button onPress={onBack}>{t("remove-not")}</Button>
      </div>
    </Sheet>
  );
}
