import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { isBlank, LONGEST } from "../../crypto/texts";
import { hasMouse } from "../../platform";
import { codeOf } from "../../room/errors";
import type { TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { Held, HeldBack } from "../care/Held";
import { holdingOf } from "../care/heldWords";
import { isComposing } from "../keys";
import { Button } from "../shared/Button";
import { Counter, counts, fits } from "../shared/Counter";
import { Field } from "../shared/Field";
import { Icon } from "../shared/Icon";
import { Trouble } from "../shared/Trouble";
import { useDraft } from "./draft";

/** On a keyboard of keys Enter sends; on one of glass it starts a new line and the button sends. */
function enterSends(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.altKey || isComposing(event)) return false;
  return event.ctrlKey || event.metaKey || hasMouse();
}

export interface ComposerProps {
  readonly room: TalkView;
  /** Whether it holds few words. */
  readonly big: boolean;
  /** Whether the session is held here, where nothing is kept: what was being written in the group's room goes along. */
  readonly inCapsule: boolean;
  readonly onRules?: () => void;
  /** Tells why one may not write. `draft` begins to write all the same; null where one does already. */
  readonly onWhy: (draft: (() => void) | null) => void;
}

/**
 * Where one writes. While one may not, what holds stands in its place; but nobody who is writing is interrupted: where
 * there are words, or the focus, the box stays as it is, and what holds is a line above it.
 */
export function Composer({ room, big, inCapsule, onRules, onWhy }: ComposerProps) {
  const [text, setText] = useDraft(room, inCapsule);
  const [note, setNote] = useState<string | null>(null);
  const [code, setCode] = useState<string | null>(null);
  const [, draw] = useState({});
  const form = useRef<HTMLFormElement>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const writing = useRef(false);
  const status = room.status.value;
  const silenced = room.silenced.value;
  const holds = holdingOf(silenced);
  const stopped = status === "halted" || status === "loading";
  // Before anything is drawn, so that what stands there is never taken away; and for as long as it holds.
  writing.current = (holds !== null || status === "halted") && (writing.current || text !== "" || holdsFocus(form.current));
  const ready = !isBlank(text) && fits(text, LONGEST.message) && fits(note ?? "", LONGEST.contentNote) && !stopped && !silenced;

  // Grows with the text where the style sheet alone cannot do it.
  useLayoutEffect(() => {
    const area = box.current;
    if (!area || CSS.supports("field-sizing", "content")) return;
    area.style.blockSize = "auto";
    area.style.blockSize = `${area.scrollHeight}px`;
  }, [text]);

  const send = (): void => {
    if (!ready) return;
    setText("", true);
    setNote(null);
    setCode(null);
    room.send(text.trim(), note === null || isBlank(note) ? null : note.trim()).catch((error: unknown) => setCode(codeOf(error)));
    box.current?.focus();
  };

  const kept = silenced !== null && !holds && text.trim() !== "";
  const placeholder = big ? t("write-short") : status === "halted" ? t("write-stopped") : holds ? t("write-draft-here") : t(silenced?.why === "paused" ? "write-later" : silenced ? "write-ready" : "write-here");
  const inPlace = !writing.current;
  const draft = (): void => {
    writing.current = true;
    draw({});
    requestAnimationFrame(() => box.current?.focus());
  };
  return (
    <>
      {status === "halted" && !holds && <HeldBack inPlace={inPlace} />}
      {holds && (
        <Held room={room} why={holds} inPlace={inPlace}>
          {holds.why === "agree_first" && onRules ? (
            <Button kind="quiet" small onPress={onRules}>
              {t("rules-read")}
            </Button>
          ) : (
            <Button kind="quiet" small onPress={() => onWhy(inPlace ? draft : null)}>
              {t("silenced-why")}
            </Button>
          )}
        </Held>
      )}
      {((!holds && status !== "halted") || writing.current) && (
        <form
          key="writing"
          class="composer"
          ref={form}
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <Trouble code={code} />
          {note !== null && (
            <Field
              label={t("fold-label")}
              hint={t("fold-label-hint")}
              value={note}
              onValue={setNote}
              limit={LONGEST.contentNote}
              focused
              after={
                <Button
                  kind="quiet"
                  onPress={() => {
                    setNote(null);
                    box.current?.focus();
                  }}
                >
                  {t("fold-undo-mine")}
                </Button>
              }
            />
          )}
          <div class="composer-box">
            <button type="button" class="round" aria-label={t("write-fold")} aria-expanded={note !== null} onClick={() => setNote(note === null ? "" : null)}>
              <Icon name="shut" />
            </button>
            <label class="unseen" for="write">
              {t("write-label")}
            </label>
            <textarea
              id="write"
              ref={box}
              rows={1}
              dir="auto"
              // Else the browser keeps unsent words on its disk for the next start, and does not seal them as the draft is.
              autocomplete="off"
              enterkeyhint="enter"
              value={text}
              placeholder={placeholder}
              aria-describedby={[counts(text, LONGEST.message) && "write-count", kept && "write-kept"].filter(Boolean).join(" ") || undefined}
              onInput={(event) => setText(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (!enterSends(event)) return;
                event.preventDefault();
                send();
              }}
            />
            <button type="submit" class="send" aria-label={t("write-send")} aria-disabled={!ready}>
              <Icon name="send" />
            </button>
          </div>
          <Counter id="write-count" text={text} limit={LONGEST.message} />
          {kept && (
            <p class="note" id="write-kept">
              {t("write-kept")}
            </p>
          )}
        </form>
      )}
    </>
  );
}

function holdsFocus(form: HTMLElement | null): boolean {
  return form?.contains(document.activeElement) ?? false;
}
