import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { holdingOf } from "../care/heldWords";
import { WhySheet } from "../care/WhySheet";
import { Button } from "../shared/Button";
import { Composer } from "./Composer";

export interface WritingProps {
  readonly room: TalkView;
  readonly big: boolean;
  readonly inCapsule?: boolean;
  readonly onRules?: () => void;
  /** The row over the one where one writes; `turns`: whether it is about whose turn it is. */
  readonly above?: ComponentChildren;
  readonly turns?: boolean;
  readonly light?: "mine" | "other" | undefined;
  /** At the start of the row where one writes. */
  readonly before?: ComponentChildren;
  /** A way to ask somebody, for who may not write. */
  readonly ask?: ComponentChildren;
}

/** Back to writing, from a sheet: once that has given the focus back. */
export function focusWriting(): void {
  requestAnimationFrame(() => document.getElementById("write")?.focus());
}

/** The foot of any room, and in its place, when asked, why one may not write. */
export function Writing({ room, big, inCapsule = false, onRules, above, turns, light, before, ask }: WritingProps) {
  const [why, setWhy] = useState<{ readonly draft: (() => void) | null } | null>(null);
  const holds = holdingOf(room.silenced.value);
  const close = (): void => setWhy(null);
  return (
    <>
      <div class="room-foot" data-turns={turns ? "" : undefined} data-light={light}>
        {above}
        <div class="foot-write">
          {before}
          <div class="foot-composer">
            <Composer room={room} big={big} inCapsule={inCapsule} {...(onRules ? { onRules } : {})} onWhy={(draft) => setWhy({ draft })} />
          </div>
        </div>
      </div>
      {why && holds && (
        <WhySheet room={room} why={holds} onClose={close}>
          {why.draft && (
            <Button
              icon="note"
              onPress={() => {
                close();
                why.draft?.();
              }}
            >
              {t("write-draft")}
            </Button>
          )}
          {ask}
        </WhySheet>
      )}
    </>
  );
}
