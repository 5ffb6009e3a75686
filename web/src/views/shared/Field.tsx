import type { ComponentChildren, Ref } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../../i18n/text";
import { Button } from "./Button";
import { Counter, counts, fits } from "./Counter";
import { Icon } from "./Icon";

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** A word beside the label, such as "Optional". */
  readonly aside?: string;
  readonly hint?: ComponentChildren;
  /** What is wrong with the value, in plain words. */
  readonly wrong?: string | null;
  readonly placeholder?: string;
  /** Unicode code points that are taken. What is longer stays, is counted, and waits: the form asks `fits`. */
  readonly limit?: number;
  /** Set where the words are of an earlier time: begins anew. */
  readonly onClear?: (() => void) | undefined;
  /** How many lines stand open; without it there is one. */
  readonly lines?: number;
  readonly type?: "text" | "password" | "url" | "date" | "time" | "number";
  /** The smallest and the largest number. */
  readonly from?: number;
  readonly to?: number;
  readonly autoComplete?: string;
  readonly required?: boolean;
  readonly plainText?: boolean;
  /** Something inside the box, after the text. */
  readonly after?: ComponentChildren;
  readonly inputRef?: Ref<HTMLInputElement>;
  /** Takes the focus when it appears: the person has just asked for it. */
  readonly focused?: boolean;
}

/** A labelled input with its hint and, right below it, what is wrong. */
export function Field(props: FieldProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (props.focused) box.current?.querySelector<HTMLElement>("input, textarea")?.focus();
  }, [props.focused]);
  const notes = [
    props.hint ? `${id}-hint` : "",
    props.wrong ? `${id}-wrong` : "",
    props.limit && counts(props.value, props.limit) ? `${id}-count` : "",
    props.onClear ? `${id}-kept` : "",
  ];
  const shared = {
    id,
    value: props.value,
    placeholder: props.placeholder,
    required: props.required,
    "aria-invalid": props.wrong || (props.limit && !fits(props.value, props.limit)) ? true : undefined,
    "aria-describedby": notes.filter(Boolean).join(" ") || undefined,
    dir: props.plainText ? "ltr" : "auto",
    // Off: the browser neither offers the words again nor keeps them for its next start.
    autocomplete: props.autoComplete ?? "off",
  } as const;
  return (
    <div class="field" data-wrong={props.wrong ? "" : undefined}>
      <div class="field-top">
        <label for={id}>{props.label}</label>
        {props.aside && <span class="note">{props.aside}</span>}
      </div>
      {props.hint && (
        <p class="note" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      {props.onClear && (
        <p class="note field-kept">
          <span id={`${id}-kept`}>{t("words-kept")}</span>
          <Button kind="quiet" small onPress={props.onClear}>
            {t("words-clear")}
          </Button>
        </p>
      )}
      <div class="field-box" ref={box}>
        {props.lines ? (
          <textarea {...shared} rows={props.lines} onInput={(event) => props.onValue(event.currentTarget.value)} />
        ) : (
          <input
            {...shared}
            ref={props.inputRef ?? null}
            type={props.type ?? "text"}
            min={props.from}
            max={props.to}
            autocapitalize={props.plainText ? "none" : "sentences"}
            spellcheck={!props.plainText}
            onInput={(event) => props.onValue(event.currentTarget.value)}
          />
        )}
        {props.after}
      </div>
      {props.limit && <Counter id={`${id}-count`} text={props.value} limit={props.limit} />}
      {props.wrong && (
        <p class="trouble" id={`${id}-wrong`} role="alert">
          <Icon name="look" />
          <span>{props.wrong}</span>
        </p>
      )}
    </div>
  );
}
