import { useState } from "preact/hooks";
import { isBlank, LONGEST } from "../../crypto/texts";
import { t } from "../../i18n/text";
import { MAX_SEGMENTS, type Segment } from "../../room/liveActions";
import { useAction } from "../action";
import { offerUndo } from "../care/undo";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Row } from "../shared/Row";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { fits } from "../shared/Counter";
import { useWords } from "../unsent";
import { SegmentFields } from "./SegmentFields";
import { segmentsOf, type Template, TEMPLATES } from "./templates";

/** A part while it is written: it keeps its key wherever it goes. */
interface Draft extends Segment {
  readonly key: number;
}

let keys = 0;

/** A number that is missing is null in JSON. */
function drafts(json: string): readonly Draft[] {
  const segments = JSON.parse(json) as readonly (Omit<Segment, "minutes"> & { readonly minutes: number | null })[];
  return segments.map((segment) => ({ ...segment, minutes: segment.minutes ?? NaN, key: ++keys }));
}

/** What the evening is to be, part by part. */
export function RunSheetEditor({ room, onClose, onBack }: InRoom) {
  const written = useWords(`${room.groupId} run-sheet`, Infinity, JSON.stringify(room.plans.segments.value));
  const [parts, setShown] = useState(() => drafts(written.text));
  const [choosing, setChoosing] = useState(parts.length === 0);
  const [told, setTold] = useState("");
  const [tried, setTried] = useState(false);
  const action = useAction();
  const total = parts.reduce((sum, { minutes }) => sum + (Number.isInteger(minutes) ? minutes : 0), 0);
  const back = (): void => (choosing && parts.length > 0 ? setChoosing(false) : onBack());

  const setParts = (next: readonly Draft[]): void => {
    setShown(next);
    written.field.onValue(JSON.stringify(next.map(({ title, minutes, kind }) => ({ title, minutes, kind }))));
  };
  const take = (segments: readonly Segment[]): void => {
    setParts(drafts(JSON.stringify(segments)));
    setChoosing(false);
    setTried(false);
  };
  const move = (from: number, to: number): void => {
    const moved = parts[from];
    if (!moved || to < 0 || to >= parts.length) return;
    setParts(placed(parts.filter((part) => part !== moved), to, moved));
    setTold(t("evening-moved", { at: to + 1, count: parts.length }));
  };
  const keep = (): void => {
    setTried(true);
    if (parts.some(isWrong)) return;
    action.run(async () => {
      const segments = parts.map(({ title, minutes, kind }) => ({ title: title.trim(), minutes, kind }));
      await room.plans.decide(() => ({ action: "write_run_sheet", segments }));
      written.done();
      offerUndo({ words: t("run-sheet-done"), undo: null });
      onClose();
    });
  };

  return (
    <Sheet title={t("run-sheet")} under={choosing ? t("run-sheet-choose") : t("run-sheet-total", { count: total })} onClose={onClose} onBack={back}>
      {choosing ? (
        <div class="rows">
          {(Object.keys(TEMPLATES) as Template[]).map((template) => (
            <Row key={template} icon="note" words={t(TEMPLATES[template])} under={outline(template)} onPress={() => take(segmentsOf(template))} />
          ))}
          <Row icon="plus" words={t("template-none")} onPress={() => take([{ title: "", minutes: 10, kind: "other" }])} />
        </div>
      ) : (
        <>
          {written.field.onClear && (
            <div class="field-kept">
              <p class="note">{t("words-kept")}</p>
              <Button
                kind="quiet"
                small
                onPress={() => {
                  written.field.onClear?.();
                  setShown(drafts(JSON.stringify(room.plans.segments.value)));
                }}
              >
                {t("words-clear")}
              </Button>
            </div>
          )}
          <ol class="parts">
            {parts.map(({ key, ...segment }, at) => (
              <li key={key}>
                <SegmentFields
                  segment={segment}
                  at={at}
                  last={at === parts.length - 1}
                  tried={tried}
                  onChange={(changed) => setParts(parts.map((part) => (part.key === key ? { ...changed, key } : part)))}
                  onMove={(by) => move(at, at + by)}
                  onRemove={() => setParts(parts.filter((part) => part.key !== key))}
                />
              </li>
            ))}
          </ol>
          <p class="unseen" role="status">
            {told}
          </p>
          <div class="buttons">
            <Button icon="plus" idle={parts.length >= MAX_SEGMENTS} onPress={() => setParts([...parts, ...drafts(JSON.stringify([{ title: "", minutes: 10, kind: "other" }]))])}>
              {t("evening-add")}
            </Button>
            <Button kind="quiet" onPress={() => setChoosing(true)}>
              {t("run-sheet-other")}
            </Button>
          </div>
          <p class="note">{t("run-sheet-seen")}</p>
          <Trouble code={action.code} />
          <Button kind="primary" idle={action.busy} onPress={keep}>
            {t("run-sheet-do")}
          </Button>
        </>
      )}
    </Sheet>
  );
}

function placed(parts: readonly Draft[], at: number, part: Draft): readonly Draft[] {
  return [...parts.slice(0, at), part, ...parts.slice(at)];
}

function isWrong({ title, minutes }: Segment): boolean {
  return isBlank(title) || !fits(title, LONGEST.title) || !Number.isInteger(minutes) || minutes < 1 || minutes > 720;
}

/** "Arriving · How is everyone? · …" */
function outline(template: Template): string {
  return segmentsOf(template)
    .map(({ title }) => title)
    .join(" · ");
}
