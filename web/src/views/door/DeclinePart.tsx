import { useState } from "preact/hooks";
import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import type { RoomView } from "../../room/types";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Switch } from "../shared/Switch";
import { Trouble } from "../shared/Trouble";

const LONGEST = 280;
const WORDS: readonly MessageId[] = ["door-no-full", "door-no-moment", "door-no-place"];

export interface DeclinePartProps {
  readonly room: RoomView;
  readonly request: string;
  readonly name: string;
  readonly onBack: () => void;
}

/** Saying no, with a few kind words that the other reads. */
export function DeclinePart({ room, request, name, onBack }: DeclinePartProps) {
  const action = useAction();
  const [at, setAt] = useState(0);
  const [text, setText] = useState(() => t("door-no-full"));
  const other = (): void => {
    const next = (at + 1) % WORDS.length;
    setAt(next);
    setText(t(WORDS[next] ?? "door-no-full"));
  };
  const [final, setFinal] = useState(false);
  const decline = (): Promise<void> => room.doors.decline(request, text.trim() === "" ? null : text.trim(), final);
  return (
    <div class="stack" role="group" aria-label={t("door-no-title", { name })}>
      <Field
        label={t("door-no-label")}
        hint={t("door-no-hint", { name })}
        value={text}
        onValue={setText}
        maxLength={LONGEST}
        lines={3}
        focused
      />
      <Button kind="quiet" small icon="again" onPress={other}>
        {t("door-no-other")}
      </Button>
      <Switch label={t("door-no-final")} hint={t("door-no-final-hint")} on={final} onChange={setFinal} />
      <Trouble code={action.code} />
      <div class="buttons">
        <Button small kind="primary" idle={action.busy} onPress={() => action.run(decline)}>
          {t("door-no-do")}
        </Button>
        <Button small onPress={onBack}>
          {t("door-no-not")}
        </Button>
      </div>
    </div>
  );
}
