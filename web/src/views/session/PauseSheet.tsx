import { t } from "../../i18n/text";
import type { InRoom } from "../room/inRoom";
import { HalfSheet } from "../shared/HalfSheet";
import { PausePart } from "./run/PausePart";

/** Before the room is paused: what the others will see, and a few words to go with it. */
export function PauseSheet(given: InRoom) {
  const { onClose, onGo } = given;
  return (
    <HalfSheet title={t("run-pause")} under={t("run-pause-under")} onClose={onClose} onBack={() => onGo({ kind: "run" })}>
      <PausePart {...given} />
    </HalfSheet>
  );
}
