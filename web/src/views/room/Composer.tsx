import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { codeOf } from "../../room/errors";
import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { Icon } from "../shared/Icon";
import { Trouble } from "../shared/Trouble";

const LONGEST = 8000;
const SAVE_AFTER_MS = 400;

/** On a keyboard of keys Enter sends; on one of glass it starts a new line and the button sends. */
function enterSends(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.altKey || event.isComposing) return false;
  return event.ctrlKey || event.metaKey || matchMedia("(hover: hover) and (pointer: fine)").matches;
}

export function Composer({ room }: { room: RoomView }) {
  const [text, setText] = useState(() => room.draft());
  const [code, setCode] = useState<string | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const latest = useRef(text);
  latest.current = text;
  const status = room.status.value;
  const stopped = status === "halted" || status === "loading";
  const ready = text.trim() !== "" && !stopped;

  useEffect(() => {
    const timer = setTimeout(() => room.saveDraft(text), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [room, text]);

  useEffect(() => {
    const keep = (): void => room.saveDraft(latest.current);
    addEventListener("pagehide", keep);
    return () => {
      removeEventListener("pagehide", keep);
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
    setCode(null);
    room.saveDraft("");
    room.send(words).catch((error: unknown) => setCode(codeOf(error)));
    box.current?.focus();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Trouble code={code} />
      <div class="composer-box">
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
          placeholder={status === "halted" ? t("write-stopped") : t("write-here")}
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
    </form>
  );
}
