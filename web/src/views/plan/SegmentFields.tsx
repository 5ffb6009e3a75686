import { useLayoutEffect, useRef } from "preact/hooks";
import type { MessageId } from "../../i18n/ids";
import { isBlank, LONGEST } from "../../crypto/texts";
import { t } from "../../i18n/text";
import { KINDS, type Segment } from "../../room/liveActions";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Select } from "../shared/Select";

const KIND_WORDS: Readonly<Record<Segment["kind"], MessageId>> = {
  welcome: "kind-welcome",
  rules: "kind-rules",
  check_in: "kind-check-in",
  topic: "kind-topic",
  guest: "kind-guest",
  questions: "kind-questions",
  exercise: "kind-exercise",
  break: "kind-break",
  closing: "kind-closing",
  other: "kind-other",
};
const MOST_MINUTES = 720;

export interface SegmentFieldsProps {
  readonly segment: Segment;
  readonly at: number;
  readonly last: boolean;
  /** Whether what is missing is said. */
  readonly tried: boolean;
  readonly onChange: (segment: Segment) => void;
  readonly onMove: (by: 1 | -1) => void;
  readonly onRemove: () => void;
}

/** One part of the evening: what it is called, how long it is, of what kind; earlier, later, or not at all. */
export function SegmentFields({ segment, at, last, tried, onChange, onMove, onRemove }: SegmentFieldsProps) {
  const { title, minutes, kind } = segment;
  const pressed = useRef<HTMLButtonElement | null>(null);
  // The browser lets go of the focus where a part is taken to another place.
  useLayoutEffect(() => {
    pressed.current?.focus();
    pressed.current = null;
  }, [at]);
  const move = (by: 1 | -1) => (): void => {
    pressed.current = document.activeElement instanceof HTMLButtonElement ? document.activeElement : null;
    onMove(by);
  };
  const name = t("evening-number", { at: at + 1 });
  const wrong = !Number.isInteger(minutes) || minutes < 1 || minutes > MOST_MINUTES;
  return (
    <fieldset class="evening-fields">
      <legend class="unseen">{t("evening-number", { at: at + 1 })}</legend>
      <Field
        label={t("evening-title")}
        value={title}
        onValue={(value) => onChange({ ...segment, title: value })}
        wrong={tried && isBlank(title) ? t("field-missing") : null}
        limit={LONGEST.title}
      />
      <div class="evening-row">
        <Field
          label={t("evening-minutes")}
          type="number"
          from={1}
          to={MOST_MINUTES}
          value={Number.isNaN(minutes) ? "" : String(minutes)}
          onValue={(value) => onChange({ ...segment, minutes: value === "" ? NaN : Number(value) })}
          wrong={tried && wrong ? t("plan-minutes-wrong") : null}
          plainText
        />
        <Select
          label={t("evening-kind")}
          value={kind}
          options={KINDS.map((value) => ({ value, label: t(KIND_WORDS[value]) }))}
          onChoose={(value) => onChange({ ...segment, kind: value })}
        />
      </div>
      <div class="evening-row">
        <Button small name={`${t("evening-up")}: ${name}`} idle={at === 0} onPress={move(-1)}>
          {t("evening-up")}
        </Button>
        <Button small name={`${t("evening-down")}: ${name}`} idle={last} onPress={move(1)}>
          {t("evening-down")}
        </Button>
        <Button small kind="remove" name={`${t("evening-remove")}: ${name}`} onPress={onRemove}>
          {t("evening-remove")}
        </Button>
      </div>
    </fieldset>
  );
}
