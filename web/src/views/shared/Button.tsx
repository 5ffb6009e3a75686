import type { ComponentChildren, Ref } from "preact";
import { Icon, type IconName } from "./Icon";

export interface ButtonProps {
  readonly children: ComponentChildren;
  /** Its word and what it is about, where others have the same word: who does not see beside what it stands tells them apart by this. */
  readonly name?: string;
  readonly kind?: "primary" | "plain" | "quiet" | "remove";
  readonly small?: boolean;
  readonly icon?: IconName;
  readonly submit?: boolean;
  /** Under way or not possible now. It keeps the focus, so it is not `disabled`. */
  readonly idle?: boolean;
  readonly describedBy?: string;
  /** Whether what it opens is open; undefined for what opens nothing in its place. */
  readonly expanded?: boolean;
  readonly onPress?: () => void;
  readonly buttonRef?: Ref<HTMLButtonElement>;
}

export function Button({ children, name, kind = "plain", small, icon, submit, idle, describedBy, expanded, onPress, buttonRef }: ButtonProps) {
  return (
    <button
      ref={buttonRef ?? null}
      type={submit ? "submit" : "button"}
      class={`button ${kind}${small ? " small" : ""}`}
      aria-label={name}
      aria-disabled={idle ?? false}
      aria-describedby={describedBy}
      aria-expanded={expanded}
      onClick={(event) => {
        if (idle) event.preventDefault();
        else onPress?.();
      }}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
