import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/text";
import { Icon } from "./Icon";

export interface HalfSheetProps {
  readonly title: string;
  readonly under?: string | undefined;
  /** Beside the title. */
  readonly lead?: ComponentChildren;
  readonly onClose: () => void;
  /** Whether it tells something rather than runs the session: then it leaves more of the conversation. */
  readonly asked?: boolean;
  /** Goes to the sheet this one came from. */
  readonly onBack?: (() => void) | undefined;
  readonly children: ComponentChildren;
}

/** In the place of the foot, half of the height at most: the conversation above it stays readable and goes on. */
export function HalfSheet({ title, under, lead, asked, onClose, onBack, children }: HalfSheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  const id = useId();

  // Closing while still in the page gives the focus back to where it was.
  useLayoutEffect(() => {
    const sheet = dialog.current;
    sheet?.show();
    heading.current?.focus({ preventScroll: true });
    return () => sheet?.close();
  }, []);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && !document.querySelector("dialog:modal")) close.current();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  return (
    <dialog class={asked ? "half asked" : "half"} ref={dialog} aria-labelledby={id}>
      <header class="half-top">
        {onBack && (
          <button type="button" class="round" aria-label={t("back")} onClick={onBack}>
            <Icon name="back" />
          </button>
        )}
        {lead}
        <div class="sheet-title">
          <h2 id={id} ref={heading} tabIndex={-1}>
            {title}
          </h2>
          {under && <p class="note">{under}</p>}
        </div>
        <button type="button" class="round" aria-label={t("close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
