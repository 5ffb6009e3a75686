import type { ComponentChildren } from "preact";
import { STAFF } from "../../room/roles";
import type { TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { names } from "../../i18n/time";
import { Icon } from "../shared/Icon";
import { Countdown } from "./Countdown";
import { heldIcon, heldTitle, heldUntil, type Holding } from "./heldWords";
import { leftWords } from "./lasting";
import { useNow } from "./useNow";

export interface SilencedProps {
  readonly room: TalkView;
  readonly why: Holding;
  /** Whether it stands where one writes, so that the way to writing leads here. */
  readonly inPlace?: boolean;
  readonly children?: ComponentChildren;
}

/** While one may not write: what happened, until when, what one still can do, and whom to turn to. */
export function Silenced({ room, why, inPlace, children }: SilencedProps) {
  return (
    <section class="silenced" id={inPlace ? "write" : undefined} tabIndex={-1} aria-labelledby="silenced">
      {why.why === "muted" ? <Muted room={room} why={why} /> : <Waits why={why} />}
      <p class="silenced-note">{whom(room)}</p>
      {children && <div class="buttons">{children}</div>}
    </section>
  );
}

function Muted({ room, why }: { room: TalkView; why: Extract<Holding, { why: "muted" }> }) {
  const now = useNow(room);
  const { until, since, by, reason } = why;
  return (
    <>
      <div class="silenced-top">
        {until !== null && !why.session && <Countdown since={since} until={until} now={now} />}
        <div>
          <h2 id="silenced">{heldTitle(why)}</h2>
          <p>{leftWords(why, now)}</p>
        </div>
      </div>
      {reason !== null && (
        <p class="said" dir="auto">
          {t("quoted", { words: reason })}
        </p>
      )}
      {by !== null && <p class="silenced-note">{t("silenced-by", { by })}</p>}
      <p>{t("silenced-can")}</p>
    </>
  );
}

function Waits({ why }: { why: Holding }) {
  return (
    <>
      <div class="silenced-top">
        <Icon name={heldIcon(why)} />
        <h2 id="silenced">{heldTitle(why)}</h2>
      </div>
      <p>{heldUntil(why, 0)}</p>
    </>
  );
}

/** "Fern and Moss look after this room." */
function whom(room: TalkView): string {
  const staff = room.members.value.filter(({ role, me }) => STAFF.includes(role) && !me).map(({ pseudonym }) => pseudonym);
  return t("silenced-whom", { count: staff.length, names: names(staff) });
}
