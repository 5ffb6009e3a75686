import { useEffect, useRef } from "preact/hooks";
import type { FurtherView, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { names } from "../../i18n/time";
import { type Action, useAction } from "../action";
import { staffOf } from "../further/AsideSheet";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { CrisisContacts } from "./CrisisContacts";
import { callWords, ownAside } from "./call";

/** The tap that led here has asked for help already, or does so as soon as there is a line; whom to call is there at once. */
export function HelpSheet({ room, onClose }: Pick<InRoom, "room" | "onClose">) {
  const action = useAction();
  const own = ownAside(room);
  const someone = staffOf(room).length > 0;
  const ask = (): void => action.run(() => room.askForHelp());
  const asked = useRef(room.call.value === "waiting" || own?.help.value === "asked");
  useEffect(() => {
    if (!someone || asked.current) return;
    asked.current = true;
    ask();
  });
  return (
    <Sheet title={t("help-title")} onClose={onClose}>
      <div role="status">
        {someone ? <Told room={room} own={own} action={action} onAgain={ask} onClose={onClose} /> : <p class="box">{t("help-nobody")}</p>}
      </div>
      <h3>{t("help-call")}</h3>
      <CrisisContacts />
    </Sheet>
  );
}

interface ToldProps {
  readonly room: RoomView;
  readonly own: FurtherView | undefined;
  readonly action: Action;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

/** Whether those who look after the group know, and what can be done about it. */
function Told({ room, own, action, onAgain, onClose }: ToldProps) {
  const help = own?.help.value ?? null;
  const call = room.call.value;
  const unreached = call === "unreached";
  const told = call === null && own && help !== null;
  return (
    <div class="box">
      <p class="with-icon">
        <Icon name={told ? "check" : unreached ? "look" : room.status.value === "offline" ? "offline" : "clock"} />
        <span>{told ? toldWords(own) : callWords(room)}</span>
      </p>
      <div class="buttons">
        {told && (
          <a class="button primary small" href={`/g/${own.groupId}/${own.room}`}>
            {help === "answered" ? t("help-read") : t("help-write")}
          </a>
        )}
        {unreached && (
          <Button kind="primary" small onPress={onAgain}>
            {t("try-again")}
          </Button>
        )}
        <Button
          small
          idle={action.busy}
          onPress={() =>
            action.run(async () => {
              await room.sayOk();
              onClose();
            })
          }
        >
          {t("help-ok")}
        </Button>
      </div>
      <Trouble code={action.code} />
    </div>
  );
}

function toldWords(own: FurtherView): string {
  const others = own.members.value.filter(({ me }) => !me).map(({ pseudonym }) => pseudonym);
  if (own.help.value === "answered") return t("help-answered");
  return t("help-told", { names: names(others), count: others.length });
}
