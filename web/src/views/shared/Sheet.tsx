import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/text";
import { Announcer } from "./Announcer";
import { Icon } from "./Icon";

export interface SheetProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** Beside the title, such as a mark. */
  readonly lead?: ComponentChildren;
  readonly under?: string;
  /** Goes to the sheet this one came from. */
  readonly onBack?: (() => void) | undefined;
}

const FLING_PX = 72;

/** A side thing: from below on a phone, at the side where there is room. Goes with a button, Escape, a tap beside it or a swipe; what was written in it stays (`unsent.ts`). */
export function Sheet({ title, onClose, children, lead, under, onBack }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  const id = useId();

  // Closing while still in the page gives the focus back to where it was.
  useLayoutEffect(() => {
    const sheet = dialog.current;
    sheet?.showModal();
    heading.current?.focus();
    return () => sheet?.close();
  }, []);

  useEffect(() => {
    const sheet = dialog.current;
    if (!sheet) return;
    let from: number | null = null;
    let pressedBeside = false;
    const onCancel = (event: Event): void => {
      event.preventDefault();
      close.current();
    };
    const onDown = (event: PointerEvent): void => {
      pressedBeside = isBeside(sheet, event);
      const grip = event.target instanceof Element && event.target.closest(".sheet-top") !== null;
      from = grip && event.pointerType !== "mouse" ? event.clientY : null;
    };
    const onUp = (event: PointerEvent): void => {
      if (from !== null && event.clientY - from > FLING_PX) close.current();
      from = null;
    };
    // Not before the finger is lifted, or what lies under the veil would be tapped too.
    const onClick = (event: MouseEvent): void => {
      if (pressedBeside && isBeside(sheet, event)) close.current();
    };
    // A second Escape may close it without asking.
    const onClosed = (): void => close.current();
    sheet.addEventListener("cancel", onCancel);
    sheet.addEventListener("close", onClosed);
    sheet.addEventListener("pointerdown", onDown);
    sheet.addEventListener("pointerup", onUp);
    sheet.addEventListener("click", onClick);
    return () => {
      sheet.removeEventListener("cancel", onCancel);
      sheet.removeEventListener("close", onClosed);
      sheet.removeEventListener("pointerdown", onDown);
      sheet.removeEventListener("pointerup", onUp);
      sheet.removeEventListener("click", onClick);
    };
  }, []);

  return (
    <dialog class="sheet" ref={dialog} aria-labelledby={id}>
      <div class="sheet-in">
        <header class="sheet-top">
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
        <div class="sheet-body">{children}</div>
      </div>
      <Announcer />
    </dialog>
  );
}

/** Whether it happened on the veil: what scrolls the sheet belongs to the sheet. */
function isBeside(sheet: HTMLElement, { target, clientX, clientY }: MouseEvent): boolean {
  const { left, right, top, bottom } = sheet.getBoundingClientRect();
  return target === sheet && (clientX < left || clientX > right || clientY < top || clientY > bottom);
}
