import type { ComponentChildren } from "preact";
import { STAFF } from "../../room/roles";
import type { Passing, TalkView, Silenced as Why } from "../../room/types";
import { t } from "../../i18n/text";
import { names } from "../../i18n/time";
import type { MessageId } from "../../i18n/ids";
import { Icon, type IconName } from "../shared/Icon";
import { Countdown } from "./Countdown";
import { leftWords } from "./lasting";
import { useNow } from "./useNow";

export interface SilencedProps {
  readonly room: TalkView;
  readonly why: Exclude<Why, Passing>;
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

type Waiting = Exclude<Why["why"], "muted" | Passing["why"]>;

const WAITS: Readonly<Record<Waiting, { readonly icon: IconName; readonly title: MessageId; readonly words: MessageId }>> = {
  listening: { icon: "ear", title: "silenced-listening", words: "silenced-listening-words" },
  agree_first: { icon: "note", title: "silenced-rules", words: "silenced-rules-words" },
  quiet: { icon: "quiet", title: "silenced-quiet", words: "silenced-quiet-words" },
  in_capsule: { icon: "leaf", title: "silenced-capsule", words: "silenced-capsule-words" },
  closed: { icon: "clock", title: "silenced-closed", words: "silenced-closed-words" },
};

function Waits({ why }: { why: Waiting }) {
  const { icon, title, words } = WAITS[why];
  return (
    <>
      <div class="silenced-top">
        <Icon name={icon} />
        <h2 id="silenced">{t(title)}</h2>
      </div>
      <p>{t(words)}</p>
    </>
  );
}

/** "Fern and Moss look after this room." */
function whom(room: TalkView): string {
  const staff = room.members.value.filter(({ role, me }) => STAFF.includes(role) && !me).map(({ pseudonym }) => pseudonym);
  return t("silenced-whom", { count: staff.length, names: names(staff) });
}
