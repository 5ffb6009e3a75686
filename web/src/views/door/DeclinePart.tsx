import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import type { RoomView } from "../../room/types";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Switch } from "../shared/Switch";
import { Trouble } from "../shared/Trouble";
import { useWords } from "../unsent";

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
  const words = useWords(`${room.groupId} decline ${request}`, LONGEST.doorWord, t("door-no-full"));
  const other = (): void => {
    const next = (at + 1) % WORDS.length;
    setAt(next);
    words.field.onValue(t(WORDS[next] ?? "door-no-full"));
  };
  const [final, setFinal] = useState(false);
  const decline = async (): Promise<void> => {
    await room.doors.decline(request, words.given, final);
    words.done();
  };
  return (
    <div class="stack" role="group" aria-label={t("door-no-title", { name })}>
      <Field
        label={t("door-no-label")}
        hint={t("door-no-hint", { name })}
        {...words.field}
        lines={3}
        focused
      />
      {/* Never in the place of one's own words. */}
      {WORDS.some((id) => t(id) === words.given) && (
        <Button kind="quiet" small icon="again" onPress={other}>
          {t("door-no-other")}
        </Button>
      )}
      <Switch label={t("door-no-final")} hint={t("door-no-final-hint")} on={final} onChange={setFinal} />
      <Trouble code={action.code} />
      <div class="buttons">
        <Button small kind="primary" idle={action.busy || !words.fits} onPress={() => action.run(decline)}>
          {t("door-no-do")}
        </Button>
        <Button small onPress={onBack}>
          {t("door-no-not")}
        </Button>
      </div>
    </div>
  );
}
