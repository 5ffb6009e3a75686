import { useId } from "preact/hooks";

export interface SwitchProps {
  readonly label: string;
  readonly hint?: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

export function Switch({ label, hint, on, onChange }: SwitchProps) {
  const id = useId();
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={on}
      aria-labelledby={`${id}-label`}
      aria-describedby={hint ? `${id}-hint` : undefined}
      onClick={() => onChange(!on)}
    >
      <span class="switch-words">
        <b id={`${id}-label`}>{label}</b>
        {hint && (
          <span class="note" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </span>
      <span class="switch-track" />
    </button>
  );
}
