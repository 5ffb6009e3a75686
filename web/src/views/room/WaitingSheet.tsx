import { useState } from "preact/hooks";
import type { RoomView, WaitingPerson } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { Sheet } from "../shared/Sheet";
import { Switch } from "../shared/Switch";
import { Trouble } from "../shared/Trouble";
import type { InRoom } from "./inRoom";
import { waitedFor } from "./waited";

/** The waiting room, for those who let people in. */
export function WaitingSheet({ room, onClose, onGo }: InRoom) {
  const waiting = room.waiting.value;
  return (
    <Sheet title={t("waiting-list")} onClose={onClose} onBack={() => onGo({ kind: "menu" })}>
      {waiting.length === 0 ? (
        <p class="soft">{t("waiting-none")}</p>
      ) : (
        <ul class="stack">
          {waiting.map((person) => (
            <li key={person.request}>
              <Waits room={room} person={person} />
            </li>
          ))}
        </ul>
      )}
    </Sheet>
  );
}

function Waits({ room, person }: { room: RoomView; person: WaitingPerson }) {
  const action = useAction();
  const [listening, setListening] = useState(false);
  const { pseudonym: name, replaces } = person;
  return (
    <div class={`box${person.genuine ? "" : " amber"}`}>
      <h3 dir="auto">{name}</h3>
      <p class="why">{waitedFor(person.since)}</p>
      {person.genuine ? (
        person.note !== "" && (
          <p class="said" dir="auto">
            {person.note}
          </p>
        )
      ) : (
        <p class="with-icon">
          <Icon name="look" />
          <span>{t("waiting-not-genuine")}</span>
        </p>
      )}
      {replaces && <ComesBack name={name} replaces={replaces} />}
      {person.genuine && !replaces && (
        <Switch label={t("waiting-listen")} hint={t("waiting-listen-hint", { name })} on={listening} onChange={setListening} />
      )}
      <Trouble code={action.code} />
      <div class="buttons">
        {person.genuine && replaces?.allowed !== false && (
          <Button kind="primary" small idle={action.busy} onPress={() => action.run(() => room.admit(person.request, listening))}>
            {t("waiting-let-in", { name })}
          </Button>
        )}
        <Button small idle={action.busy} onPress={() => action.run(() => room.decline(person.request))}>
          {t("waiting-not-now")}
        </Button>
      </div>
    </div>
  );
}

/** What letting in someone means who is a member already, said before it is done. */
function ComesBack({ name, replaces }: { name: string; replaces: NonNullable<WaitingPerson["replaces"]> }) {
  const { pseudonym: once, allowed } = replaces;
  return (
    <>
      <p class="with-icon">
        <Icon name="copy" />
        <span>{name === once ? t("waiting-elsewhere", { name }) : t("waiting-elsewhere-as", { name, once })}</span>
      </p>
      <p class="why">{allowed ? t("waiting-elsewhere-sure", { once }) : t("waiting-elsewhere-higher", { once })}</p>
    </>
  );
}
