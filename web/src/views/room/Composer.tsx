import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { hasMouse } from "../../platform";
import { codeOf } from "../../room/errors";
import type { Passing, Silenced as Why, TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { Silenced } from "../care/Silenced";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Icon } from "../shared/Icon";
import { Trouble } from "../shared/Trouble";

const LONGEST = 8000;
const SAVE_AFTER_MS = 400;
const LONGEST_NOTE = 80;

/** On a keyboard of keys Enter sends; on one of glass it starts a new line and the button sends. */
function enterSends(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.altKey || event.isComposing) return false;
  return event.ctrlKey || event.metaKey || hasMouse();
}

function isPassing(silenced: Why): silenced is Passing {
  return silenced.why === "paused" || silenced.why === "not_your_turn";
}

/** Where one writes; while one may not, why not, and a place for a draft. */
export function Composer({ room, onRules }: { room: TalkView; onRules?: () => void }) {
  const [text, setText] = useState(() => room.draft());
  const [note, setNote] = useState<string | null>(null);
  const [drafting, setDrafting] = useState(false);
  const [code, setCode] = useState<string | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const latest = useRef(text);
  latest.current = text;
  const status = room.status.value;
  const silenced = room.silenced.value;
  const stopped = status === "halted" || status === "loading";
  // What passes by itself keeps the place where one writes: a draft goes on, and waits.
  const waits = silenced !== null && isPassing(silenced);
  const ready = text.trim() !== "" && !stopped && !silenced;

  // Whoever is interrupted goes on writing where they were.
  const why = silenced?.why;
  useEffect(() => {
    if (why && latest.current.trim() !== "") setDrafting(true);
  }, [why]);

  useEffect(() => {
    const timer = setTimeout(() => {
      if (text !== room.draft()) room.saveDraft(text);
    }, SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [room, text]);

  useEffect(() => {
    const keep = (): void => {
      if (latest.current !== room.draft()) room.saveDraft(latest.current);
    };
    // Before what is open is closed.
    addEventListener("pagehide", keep, { capture: true });
    return () => {
      removeEventListener("pagehide", keep, { capture: true });
      keep();
    };
  }, [room]);

  // Grows with the text where the style sheet alone cannot do it.
  useLayoutEffect(() => {
    const area = box.current;
    if (!area || CSS.supports("field-sizing", "content")) return;
    area.style.blockSize = "auto";
    area.style.blockSize = `${area.scrollHeight}px`;
  }, [text]);

  const send = (): void => {
    if (!ready) return;
    const words = text.trim();
    setText("");
    setNote(null);
    setCode(null);
    room.saveDraft("");
    room.send(words, note?.trim() ? note.trim() : null).catch((error: unknown) => setCode(codeOf(error)));
    box.current?.focus();
  };

  const kept = waits && text.trim() !== "";
  const placeholder =
    status === "halted" ? t("write-stopped") : waits ? t("write-ready") : silenced ? t("write-draft-here") : t("write-here");
  const form = (
    <form
      class="composer"
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
          maxLength={LONGEST_NOTE}
          focused
          after={
            <Button kind="quiet" onPress={() => setNote(null)}>
              {t("fold-undo-mine")}
            </Button>
          }
        />
      )}
      <div class="composer-box">
        {!silenced && (
          <button type="button" class="round" aria-label={t("write-fold")} aria-expanded={note !== null} onClick={() => setNote(note === null ? "" : null)}>
            <Icon name="shut" />
          </button>
        )}
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
          maxLength={LONGEST}
          value={text}
          readOnly={stopped}
          placeholder={placeholder}
          aria-describedby={kept ? "write-kept" : undefined}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (!enterSends(event)) return;
            event.preventDefault();
            send();
          }}
        />
        {(!silenced || waits) && (
          <button type="submit" class="send" aria-label={t("write-send")} aria-disabled={!ready}>
            <Icon name="send" />
          </button>
        )}
      </div>
      {kept && (
        <p class="note" id="write-kept">
          {t("write-kept")}
        </p>
      )}
    </form>
  );
  return (
    <>
      <p role="status" class="unseen">
        {silenced === null && drafting && t("silenced-over")}
      </p>
      {silenced && !isPassing(silenced) && (
        <Silenced room={room} why={silenced} drafting={drafting}>
          {silenced.why === "agree_first" && onRules && (
            <Button kind="primary" onPress={onRules}>
              {t("rules-read")}
            </Button>
          )}
          {!drafting && (
            <Button icon="note" onPress={() => setDrafting(true)}>
              {t("write-draft")}
            </Button>
          )}
        </Silenced>
      )}
      {(!silenced || waits || drafting) && form}
    </>
  );
}
