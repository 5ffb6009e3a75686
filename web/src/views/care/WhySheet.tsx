import type { ComponentChildren } from "preact";
import { STAFF } from "../../room/roles";
import type { TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { names } from "../../i18n/time";
import { HalfSheet } from "../shared/HalfSheet";
import { Icon } from "../shared/Icon";
import { Countdown } from "./Countdown";
import { heldIcon, heldTitle, heldUntil, type Holding } from "./heldWords";
import { leftWords } from "./lasting";
import { useNow } from "./useNow";

export interface WhyProps {
  readonly room: TalkView;
  readonly why: Holding;
  readonly onClose: () => void;
  /** What one still can do. */
  readonly children: ComponentChildren;
}

/** While one may not write: what happened, until when, what one still can do, and whom to turn to. */
export function WhySheet({ room, why, onClose, children }: WhyProps) {
  const now = useNow(room, 1_000);
  const muted = why.why === "muted" ? why : null;
  const lead =
    muted && muted.until !== null && !muted.session ? <Countdown since={muted.since} until={muted.until} now={now} /> : <Icon name={heldIcon(why)} />;
  return (
    <HalfSheet title={heldTitle(why)} under={muted ? leftWords(muted, now) : undefined} lead={lead} asked onClose={onClose}>
      {!muted && <p>{heldUntil(why, now)}</p>}
      {muted && muted.reason !== null && (
        <p class="said" dir="auto">
          {t("quoted", { words: muted.reason })}
        </p>
      )}
      {muted && muted.by !== null && <p class="note">{t("silenced-by", { by: muted.by })}</p>}
      {muted && <p class="note">{t("silenced-can")}</p>}
      <p class="note">{whom(room)}</p>
      <div class="buttons">{children}</div>
    </HalfSheet>
  );
}

/** "Fern and Moss look after this room." */
function whom(room: TalkView): string {
  const staff = room.members.value.filter(({ role, me }) => STAFF.includes(role) && !me).map(({ pseudonym }) => pseudonym);
  return t("silenced-whom", { count: staff.length, names: names(staff) });
}
