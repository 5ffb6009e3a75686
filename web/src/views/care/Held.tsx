import type { ComponentChildren } from "preact";
import type { TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { Icon } from "../shared/Icon";
import { Countdown } from "./Countdown";
import { heldIcon, heldShort, heldTitle, type Holding } from "./heldWords";
import { useNow } from "./useNow";

/** Where one writes, or above it: one line that says what is, what still works, and one word to tap. */
export interface HeldProps {
  /** Whether it stands where one writes, so that the way to writing leads here. */
  readonly inPlace: boolean;
  readonly children?: ComponentChildren;
}

/** While one may not write. */
export function Held({ room, why, inPlace, children }: HeldProps & { readonly room: TalkView; readonly why: Holding }) {
  const now = useNow(room, 1_000);
  const counted = why.why === "muted" && why.until !== null && !why.session ? { since: why.since, until: why.until } : null;
  return (
    <section class="held" id={inPlace ? "write" : undefined} tabIndex={-1} aria-labelledby="held">
      {counted ? <Countdown {...counted} now={now} /> : <Icon name={heldIcon(why)} />}
      <p class="held-words">
        <b id="held">{heldTitle(why)}</b> <span>{heldShort(why, now)}</span>
      </p>
      {children}
    </section>
  );
}

/** While nothing is sent, because the server did something that was not agreed. */
export function HeldBack({ inPlace }: HeldProps) {
  return (
    <section class="held" data-amber="" id={inPlace ? "write" : undefined} tabIndex={-1} aria-labelledby="held">
      <Icon name="lock" />
      <p class="held-words">
        <b id="held">{t("held-halted")}</b> <span>{t("held-halted-until")}</span>
      </p>
    </section>
  );
}
