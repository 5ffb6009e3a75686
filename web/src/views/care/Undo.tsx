import { useEffect } from "preact/hooks";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Trouble } from "../shared/Trouble";
import { forgetUndo, undoable } from "./undo";

/** What was just done, with the way back while it is open: the second row of the turn line. */
export function Undo() {
  const action = useAction();
  const done = undoable.value;
  useEffect(() => forgetUndo, []);
  return (
    <div class="undo">
      <p role="status" class={done && !done.heard ? "undo-words" : "unseen"}>
        {done?.words}
      </p>
      {done?.undo && (
        <button
          type="button"
          class="undo-do"
          aria-disabled={action.busy}
          onClick={() => {
            const { undo } = done;
            action.run(async () => {
              await undo?.();
              forgetUndo();
              document.getElementById("write")?.focus();
            });
          }}
        >
          {t("undo")}
        </button>
      )}
      <Trouble code={done ? action.code : null} />
    </div>
  );
}
