import { useEffect, useRef } from "preact/hooks";
import type { FurtherView, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { names } from "../../i18n/time";
import { useAction, type Action } from "../action";
import { staffOf } from "../further/AsideSheet";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { CrisisContacts } from "./CrisisContacts";

/** The tap that led here has asked for help already, or does so as soon as there is a connection; whom to call is there at once. */
export function HelpSheet({ room, onClose }: InRoom) {
  const action = useAction();
  const own = room.further.value.find(({ about }) => about.value?.me);
  const live = room.status.value === "live";
  const done = useRef(own?.help.value === "asked");
  const ask = (): void => {
    done.current = true;
    action.run(async () => {
      await room.askForHelp();
    });
  };
  const reachable = staffOf(room).length > 0;
  useEffect(() => {
    if (live && reachable && !done.current) ask();
  });
  return (
    <Sheet title={t("help-title")} onClose={onClose}>
      <div role="status" class="flow">
        <Told room={room} own={own} action={action} live={live} onAgain={ask} onClose={onClose} />
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
  readonly live: boolean;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

/** Whether those who look after the group know, and what can be done about it. */
function Told({ room, own, action, live, onAgain, onClose }: ToldProps) {
  const help = own?.help.value ?? null;
  if (staffOf(room).length === 0) return <p class="box">{t("help-nobody")}</p>;
  if (action.code) {
    return (
      <div class="box">
        {action.code === "key_package_exhausted" ? <p>{t("help-unreached")}</p> : <Trouble code={action.code} />}
        <Button small onPress={onAgain}>
          {t("try-again")}
        </Button>
      </div>
    );
  }
  if (action.busy || !own || !help) {
    return (
      <p class="box with-icon">
        <Icon name={live || action.busy ? "clock" : "offline"} />
        <span>{live || action.busy ? t("help-telling") : t("help-offline")}</span>
      </p>
    );
  }
  const others = own.members.value.filter(({ me }) => !me).map(({ pseudonym }) => pseudonym);
  return (
    <div class="box">
      <p class="with-icon">
        <Icon name="check" />
        <span>{help === "answered" ? t("help-answered") : t("help-told", { names: names(others), count: others.length })}</span>
      </p>
      <div class="buttons">
        <a class="button primary" href={`/g/${own.groupId}/${own.room}`}>
          {help === "answered" ? t("help-read") : t("help-write")}
        </a>
        <Button
          onPress={() => {
            void own.sayHelp(false);
            onClose();
          }}
        >
          {t("help-ok")}
        </Button>
      </div>
    </div>
  );
}
