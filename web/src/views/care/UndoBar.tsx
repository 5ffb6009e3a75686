import { useEffect } from "preact/hooks";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Trouble } from "../shared/Trouble";
import { forgetUndo, undoable } from "./undo";

/** What was just done, above the composer, with the way back while it is open. */
export function UndoBar() {
  const action = useAction();
  const done = undoable.value;
  useEffect(() => forgetUndo, []);
  return (
    <div role="status" class="undo">
      {done && (
        <div class="undo-bar">
          <p>{done.words}</p>
          {done.undo && (
            <Button
              kind="quiet"
              small
              idle={action.busy}
              onPress={() => {
                const { undo } = done;
                action.run(async () => {
                  await undo?.();
                  forgetUndo();
                  document.getElementById("write")?.focus();
                });
              }}
            >
              {t("undo")}
            </Button>
          )}
        </div>
      )}
      <Trouble code={done ? action.code : null} />
    </div>
  );
}
