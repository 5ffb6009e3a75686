import type { FurtherView, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { Trouble } from "../shared/Trouble";

/** In an aside in which somebody asks for help: for them, how to say that they are all right; for the others, how to begin. */
export function HelpHere({ main, room }: { main: RoomView; room: FurtherView }) {
  const action = useAction();
  const about = room.about.value;
  const help = room.help.value;
  if (!about || !help || (help === "answered" && !about.me)) return null;
  return (
    <>
      <div class={`banner${about.me ? " calm" : ""}`}>
        <Icon name="help" />
        <p>{about.me ? t("help-mine") : t("help-begin", { who: about.pseudonym })}</p>
        {about.me && (
          <Button small idle={action.busy} onPress={() => action.run(() => main.sayOk())}>
            {t("help-ok")}
          </Button>
        )}
      </div>
      <Trouble code={action.code} />
    </>
  );
}
