import type { MessageId } from "../../i18n/ids";
import type { TalkView, Warning } from "../../room/types";
import { t } from "../../i18n/text";
import { fullTime, names } from "../../i18n/time";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";

const WORDS: Readonly<Record<string, MessageId>> = {
  ballot_forged: "warning-ballot-forged",
  ballot_stuffed: "warning-ballot-stuffed",
  bad_commit: "warning-bad-commit",
  bad_commitment: "warning-bad-commitment",
  gap_unexplained: "warning-gap-unexplained",
  identity_changed: "warning-identity-changed",
  let_through: "warning-let-through",
  package_forged: "warning-package-forged",
  policy_forged: "warning-policy-forged",
  refused_unfounded: "warning-refused-unfounded",
  room_refused: "warning-room-refused",
  report_forged: "warning-report-forged",
  handover_forged: "warning-handover-forged",
  seq_hole: "warning-seq-hole",
  seq_rollback: "warning-seq-rollback",
  state_forged: "warning-state-forged",
  state_mismatch: "warning-state-mismatch",
  tree_mismatch: "warning-tree-mismatch",
  unannounced_change: "warning-unannounced-change",
  unannounced_group: "warning-unannounced-group",
  unendorsed_leaf: "warning-unendorsed-leaf",
  undone: "warning-undone",
  unreached: "warning-unreached",
  unreadable: "warning-unreadable",
  void_unfounded: "warning-void-unfounded",
  withheld: "warning-withheld",
  wrong_reply: "warning-wrong-reply",
  wrong_sender: "warning-wrong-sender",
};

/** What the server did, in plain words, and what it means. */
export function WarningSheet({ room, onClose }: { room: TalkView; onClose: () => void }) {
  const warnings = room.warnings.value;
  return (
    <Sheet title={t("warning-title")} onClose={onClose}>
      <p>{t("warning-intro")}</p>
      <ul class="stack">
        {warnings.map((warning) => (
          <li key={warning.id}>
            <Told room={room} warning={warning} />
          </li>
        ))}
      </ul>
      {warnings.length === 0 && <Button onPress={onClose}>{t("close")}</Button>}
      <p class="note">{t("warning-do")}</p>
    </Sheet>
  );
}

function Told({ room, warning }: { room: TalkView; warning: Warning }) {
  const action = useAction();
  return (
    <div class="box amber">
      <p>{t(WORDS[warning.code] ?? "warning-other", { names: names(warning.who), count: warning.who.length })}</p>
      <p class="why">
        {fullTime(warning.time)} · <span dir="ltr">{warning.code}</span>
      </p>
      <Trouble code={action.code} />
      <Button small idle={action.busy} onPress={() => action.run(() => room.acknowledgeWarning(warning.id))}>
        {t("warning-read")}
      </Button>
    </div>
  );
}
