/** Why someone may not write now, in words. */
import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import type { Passing, Silenced } from "../../room/types";
import type { IconName } from "../shared/Icon";
import { leftWords } from "./lasting";

/** What holds until somebody ends it, or for a while; not what is over in a moment while the others go on. */
export type Holding = Exclude<Silenced, Passing>;

type Waiting = Exclude<Holding["why"], "muted">;

const WAITS: Readonly<Record<Waiting, { readonly icon: IconName; readonly title: MessageId; readonly short: MessageId; readonly words: MessageId }>> = {
  listening: { icon: "ear", title: "silenced-listening", short: "held-read", words: "silenced-listening-words" },
  agree_first: { icon: "note", title: "silenced-rules", short: "held-rules", words: "silenced-rules-words" },
  quiet: { icon: "quiet", title: "silenced-quiet", short: "held-read", words: "silenced-quiet-words" },
  in_capsule: { icon: "leaf", title: "silenced-capsule", short: "held-capsule", words: "silenced-capsule-words" },
  closed: { icon: "clock", title: "silenced-closed", short: "held-closed", words: "silenced-closed-words" },
};

/** What holds for this person now. */
export function holdingOf(silenced: Silenced | null): Holding | null {
  return silenced && !isPassing(silenced) ? silenced : null;
}

export function isPassing(silenced: Silenced): silenced is Passing {
  return silenced.why === "paused" || silenced.why === "not_your_turn";
}

export function heldIcon({ why }: Holding): IconName {
  return why === "muted" ? "quiet" : WAITS[why].icon;
}

export function heldTitle({ why }: Holding): string {
  return t(why === "muted" ? "silenced-muted" : WAITS[why].title);
}

/** How long it lasts, or what ends it. */
export function heldUntil(held: Holding, now: number): string {
  return held.why === "muted" ? leftWords(held, now) : t(WAITS[held.why].words);
}

/** The second row of one line: how long it lasts, or what still works. */
export function heldShort(held: Holding, now: number): string {
  return held.why === "muted" ? leftWords(held, now) : t(WAITS[held.why].short);
}

/** All of it, as it is said aloud when it begins. */
export function heldWords(held: Holding, now: number): string {
  if (held.why !== "muted") return `${heldTitle(held)}. ${heldUntil(held, now)}`;
  const { reason, by } = held;
  return [
    `${heldTitle(held)} ${leftWords(held, now)}.`,
    ...(reason === null ? [] : [t("quoted", { words: reason })]),
    ...(by === null ? [] : [t("silenced-by", { by })]),
    t("silenced-can"),
  ].join(" ");
}
