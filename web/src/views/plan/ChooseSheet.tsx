import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import type { Segment } from "../../room/liveActions";
import { Button } from "../shared/Button";
import { Row } from "../shared/Row";
import { segmentsOf, type Template, TEMPLATES } from "./templates";

export interface ChooseSheetProps {
  /** The parts of the last time; empty where there were none. */
  readonly lastTime: readonly Segment[];
  readonly busy: boolean;
  readonly onUse: (segments: readonly Segment[]) => void;
  readonly onChange: (segments: readonly Segment[]) => void;
}

/** An evening to begin with: looked at first, then used as it is, or changed. */
export function ChooseSheet({ lastTime, busy, onUse, onChange }: ChooseSheetProps) {
  const [looked, setLooked] = useState<{ readonly title: string; readonly segments: readonly Segment[] } | null>(null);
  if (looked) {
    const { title, segments } = looked;
    return (
      <>
        <h3>{title}</h3>
        <ol class="parts">
          {segments.map((segment, at) => (
            <li key={at}>
              <span class="parts-title" dir="auto">
                {segment.title}
              </span>
              <span class="note">{t("live-minutes", { count: segment.minutes })}</span>
            </li>
          ))}
        </ol>
        <p class="note">{t("run-sheet-seen")}</p>
        <Button kind="primary" idle={busy} onPress={() => onUse(segments)}>
          {t("run-sheet-as-it-is")}
        </Button>
        <div class="buttons">
          <Button onPress={() => onChange(segments)}>{t("run-sheet-change")}</Button>
          <Button kind="quiet" onPress={() => setLooked(null)}>
            {t("run-sheet-other")}
          </Button>
        </div>
      </>
    );
  }
  const look = (title: string, segments: readonly Segment[]): void => setLooked({ title, segments });
  return (
    <div class="rows">
      {lastTime.length > 0 && (
        <Row icon="again" words={t("run-sheet-last-time")} under={outline(lastTime)} onPress={() => look(t("run-sheet-last-time"), lastTime)} />
      )}
      {(Object.keys(TEMPLATES) as Template[]).map((template) => {
        const [title, segments] = [t(TEMPLATES[template]), segmentsOf(template)];
        return <Row key={template} icon="note" words={title} under={outline(segments)} onPress={() => look(title, segments)} />;
      })}
      <Row icon="plus" words={t("template-none")} onPress={() => onChange([{ title: "", minutes: 10, kind: "other" }])} />
    </div>
  );
}

/** "Arriving · How is everyone? · …" */
export function outline(segments: readonly Segment[]): string {
  return segments.map(({ title }) => title).join(" · ");
}
