import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface SelectProps<T extends string> {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChoose: (value: T) => void;
}

/** One of many, in the browser's own list. */
export function Select<T extends string>({ label, hint, value, options, onChoose }: SelectProps<T>) {
  const id = useId();
  return (
    <div class="field">
      <div class="field-top">
        <label for={id}>{label}</label>
      </div>
      {hint && (
        <p class="note" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <div class="field-box">
        <select
          id={id}
          value={value}
          aria-describedby={hint ? `${id}-hint` : undefined}
          onChange={(event) => onChoose(event.currentTarget.value as T)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
