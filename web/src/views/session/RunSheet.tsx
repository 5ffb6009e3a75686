import type { JSX } from "preact";
import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import { clock } from "../../i18n/time";
import { Sheet } from "../shared/Sheet";
import type { InRoom } from "../room/inRoom";
import { BallotPart } from "./run/BallotPart";
import { CapsulePart } from "./run/CapsulePart";
import { DoorPart } from "./run/DoorPart";
import { EndPart } from "./run/EndPart";
import { FloorPart } from "./run/FloorPart";
import { GuestPart } from "./run/GuestPart";
import { HeardPart } from "./run/HeardPart";
import { LeadPart } from "./run/LeadPart";
import { LockPart } from "./run/LockPart";
import { NotesPart } from "./run/NotesPart";
import { PacePart } from "./run/PacePart";
import { PausePart } from "./run/PausePart";
import { SegmentPart } from "./run/SegmentPart";
import { SheetPart } from "./run/SheetPart";
import { SlowPart } from "./run/SlowPart";
import { SmallRoomsPart } from "./run/SmallRoomsPart";
import { StartPart } from "./run/StartPart";

type Part = (given: InRoom) => JSX.Element | null;

/** What one can do for the session, most needed first. Each part shows itself only where it applies, and what others will see. */
const GROUPS: readonly { readonly title: MessageId | null; readonly parts: readonly Part[] }[] = [
  { title: null, parts: [LeadPart, DoorPart] },
  { title: "run-floor", parts: [FloorPart] },
  { title: "run-people", parts: [HeardPart, BallotPart, SmallRoomsPart, GuestPart] },
  { title: "run-room", parts: [LockPart, PacePart, SlowPart, CapsulePart] },
  { title: "run-evening", parts: [SheetPart, NotesPart, EndPart] },
];

/** Beginning, going on, and a moment of quiet: under the thumb, wherever the sheet is scrolled to. */
const AT_HAND: readonly Part[] = [StartPart, SegmentPart, PausePart];

/** Running the session, from one sheet. */
export function RunSheet(given: InRoom) {
  const { room, onClose } = given;
  const session = room.live.value?.session;
  const under = session ? t("live-ends", { until: clock(session.closes) }) : t("live-no-session");
  return (
    <Sheet title={t("run-title")} under={under} onClose={onClose}>
      <div class="run">
        {GROUPS.map(({ title, parts }, place) => (
          <section key={place}>
            {title !== null && <h3>{t(title)}</h3>}
            {drawn(parts, given)}
          </section>
        ))}
      </div>
      <div class="run-hand">{drawn(AT_HAND, given)}</div>
    </Sheet>
  );
}

function drawn(parts: readonly Part[], given: InRoom): readonly JSX.Element[] {
  return parts.map((Part, place) => <Part key={place} {...given} />);
}
