import { t } from "../../i18n/text";
import { clock } from "../../i18n/time";
import { Sheet } from "../shared/Sheet";
import type { InRoom } from "../room/inRoom";
import { BallotPart } from "./run/BallotPart";
import { EndPart } from "./run/EndPart";
import { FloorPart } from "./run/FloorPart";
import { HeardPart } from "./run/HeardPart";
import { LeadPart } from "./run/LeadPart";
import { LockPart } from "./run/LockPart";
import { PacePart } from "./run/PacePart";
import { PausePart } from "./run/PausePart";
import { SegmentPart } from "./run/SegmentPart";
import { SlowPart } from "./run/SlowPart";
import { StartPart } from "./run/StartPart";

/** What one can do for the session, most needed first. Each part shows itself only where it applies, and what others will see. */
const PARTS = [LeadPart, StartPart, SegmentPart, PausePart, FloorPart, LockPart, SlowPart, PacePart, BallotPart, HeardPart, EndPart];

/** Running the session, from one sheet. */
export function RunSheet(given: InRoom) {
  const { room, onClose } = given;
  const session = room.live.value?.session;
  const under = session ? t("live-ends", { until: clock(session.closes) }) : t("live-no-session");
  return (
    <Sheet title={t("run-title")} under={under} onClose={onClose}>
      <div class="run">
        {PARTS.map((Part, place) => (
          <Part key={place} {...given} />
        ))}
      </div>
    </Sheet>
  );
}
