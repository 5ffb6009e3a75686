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
import { SheetPart } from "./run/SheetPart";
import { SlowPart } from "./run/SlowPart";
import { SmallRoomsPart } from "./run/SmallRoomsPart";

type Part = (given: InRoom) => JSX.Element | null;

/** What is needed less often than the next part, most needed first. Each shows itself only where it applies, and what others will see. */
const GROUPS: readonly { readonly title: MessageId | null; readonly parts: readonly Part[] }[] = [
  { title: null, parts: [LeadPart, DoorPart] },
  { title: "run-floor", parts: [FloorPart] },
  { title: "run-people", parts: [HeardPart, BallotPart, SmallRoomsPart, GuestPart] },
  { title: "run-room", parts: [LockPart, PacePart, SlowPart, CapsulePart] },
  { title: "run-evening", parts: [SheetPart, NotesPart, EndPart] },
];

/** All that one can do for the session. */
export function RunMore(given: InRoom) {
  const { room, onClose, onGo } = given;
  const session = room.live.value?.session;
  const under = session ? t("live-ends", { until: clock(session.closes) }) : t("live-no-session");
  return (
    <Sheet title={t("run-title")} under={under} onClose={onClose} onBack={() => onGo({ kind: "run" })}>
      <div class="run">
        {GROUPS.map(({ title, parts }, place) => (
          <section key={place}>
            {title !== null && <h3>{t(title)}</h3>}
            {parts.map((Part, at) => (
              <Part key={at} {...given} />
            ))}
          </section>
        ))}
      </div>
    </Sheet>
  );
}
