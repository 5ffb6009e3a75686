import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { RANKS } from "../../room/roles";
import { useAction } from "../action";
import { offerUndo } from "../care/undo";
import type { InRoom } from "../room/inRoom";
import { mayDo } from "../room/rights";
import { Button } from "../shared/Button";
import { Rules } from "../shared/Rules";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { RulesChange } from "./RulesChange";
import { RulesForm } from "./RulesForm";
import { WhoAgreed } from "./WhoAgreed";

/** The ground rules: to agree to where they are new, to change, and, for facilitators, who agreed to which. */
export function RulesSheet({ room, onClose, onGo }: InRoom) {
  const action = useAction();
  const [editing, setEditing] = useState(false);
  const me = room.me.value;
  const asked = me !== null && !me.agreed;
  const agree = async (): Promise<void> => {
    await room.doing.agree();
    offerUndo({ words: t("rules-agreed"), undo: null });
    onClose();
  };
  if (editing) {
    return (
      <Sheet title={t("rules-change")} onClose={onClose} onBack={() => setEditing(false)}>
        <RulesForm room={room} onDone={onClose} onBack={() => setEditing(false)} />
      </Sheet>
    );
  }
  return (
    <Sheet
      title={asked ? t("silenced-rules") : t("rules-name")}
      under={t("rules-edition", { number: room.rulesVersion.value })}
      onClose={onClose}
      onBack={() => onGo({ kind: "about" })}
    >
      {asked ? (
        <>
          <p class="soft">{t("rules-changed-words")}</p>
          <RulesChange before={room.rulesBefore.value} now={room.rules.value} />
          <Trouble code={action.code} />
          <div class="buttons">
            <Button kind="primary" idle={action.busy} onPress={() => action.run(agree)}>
              {t("rules-agree")}
            </Button>
            <Button onPress={() => onGo({ kind: "leave" })}>{t("rules-leave")}</Button>
          </div>
        </>
      ) : (
        <Rules text={room.rules.value} />
      )}
      {mayDo(room, "write_rules") && <Button onPress={() => setEditing(true)}>{t("rules-change")}</Button>}
      {me !== null && RANKS[me.role] >= RANKS.facilitator && <WhoAgreed members={room.members.value} />}
    </Sheet>
  );
}
