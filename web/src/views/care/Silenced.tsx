import type { ComponentChildren } from "preact";
import { STAFF } from "../../room/roles";
import type { TalkView, Silenced as Why } from "../../room/types";
import { t } from "../../i18n/text";
import { names } from "../../i18n/time";
import { Icon } from "../shared/Icon";
import { Countdown } from "./Countdown";
import { leftWords } from "./lasting";
import { useNow } from "./useNow";

export interface SilencedProps {
  readonly room: TalkView;
  readonly why: Why;
  readonly drafting: boolean;
  readonly children: ComponentChildren;
}

/** Stands where one writes while one may not: what happened, until when, what one still can do, and whom to turn to. */
export function Silenced({ room, why, drafting, children }: SilencedProps) {
  return (
    // Where the way to writing leads, unless there is a draft to go on with.
    <section class="silenced" id={drafting ? undefined : "write"} tabIndex={-1} aria-labelledby="silenced">
      {why.why === "muted" ? <Muted room={room} why={why} /> : <Waits why={why.why} />}
      <p class="silenced-note">{whom(room)}</p>
      <div class="buttons">{children}</div>
    </section>
  );
}

function Muted({ room, why }: { room: TalkView; why: Extract<Why, { why: "muted" }> }) {
  const now = useNow(room);
  const { until, since, by, reason } = why;
  return (
    <>
      <div class="silenced-top">
        {until !== null && !why.session && <Countdown since={since} until={until} now={now} />}
        <div>
          <h2 id="silenced">{t("silenced-muted")}</h2>
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

function Waits({ why }: { why: "listening" | "quiet" }) {
  return (
    <>
      <div class="silenced-top">
        <Icon name={why === "listening" ? "ear" : "quiet"} />
        <h2 id="silenced">{why === "listening" ? t("silenced-listening") : t("silenced-quiet")}</h2>
      </div>
      <p>{why === "listening" ? t("silenced-listening-words") : t("silenced-quiet-words")}</p>
    </>
  );
}

/** "Fern and Moss look after this room." */
function whom(room: TalkView): string {
  const staff = room.members.value.filter(({ role, me }) => STAFF.includes(role) && !me).map(({ pseudonym }) => pseudonym);
  return t("silenced-whom", { count: staff.length, names: names(staff) });
}
