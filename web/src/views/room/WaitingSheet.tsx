import { useState } from "preact/hooks";
import type { RoomView, WaitingPerson } from "../../room/types";
import { t } from "../../i18n/text";
import { names } from "../../i18n/time";
import { useAction } from "../action";
import { comesFreely } from "../../room/waiting";
import { Crowd, Refused, TurnAllAway } from "../door/Crowd";
import { DeclinePart } from "../door/DeclinePart";
import { WordPart } from "../door/WordPart";
import { Button } from "../shared/Button";
import { Each } from "../shared/Each";
import { Icon } from "../shared/Icon";
import { Sheet } from "../shared/Sheet";
import { Switch } from "../shared/Switch";
import { Trouble } from "../shared/Trouble";
import type { InRoom } from "./inRoom";
import { waitedFor } from "./waited";

/** The waiting room, for those who let people in. */
export function WaitingSheet({ room, onClose, onBack }: InRoom) {
  const waiting = room.waiting.value;
  const freely = waiting.filter(comesFreely).length;
  return (
    <Sheet title={t("waiting-list")} onClose={onClose} onBack={onBack}>
      {waiting.length === 0 ? (
        <p class="soft">{t("waiting-none")}</p>
      ) : (
        <>
          <Crowd room={room} />
          {freely > 1 && <LetAllIn room={room} count={freely} />}
          <ul class="stack">
            <Each
              of={waiting}
              by={({ request }) => request}
              draw={(person) => (
                <li>
                  <Waits room={room} person={person} oneOfMany={freely > 1} />
                </li>
              )}
            />
          </ul>
          <WordPart room={room} />
          <TurnAllAway room={room} />
        </>
      )}
      <Refused room={room} />
    </Sheet>
  );
}

/** One tap where several wait whom nothing speaks against. */
function LetAllIn({ room, count }: { room: RoomView; count: number }) {
  const action = useAction();
  return (
    <div class="stack">
      <Trouble code={action.code} />
      <Button kind="primary" idle={action.busy} onPress={() => action.run(() => room.doors.admitAll())}>
        {action.busy ? t("door-all-busy") : t("door-all", { count })}
      </Button>
      {count < room.waiting.value.length && <p class="note">{t("door-all-but")}</p>}
    </div>
  );
}

interface WaitsProps {
  readonly room: RoomView;
  readonly person: WaitingPerson;
  /** Letting all in stands above: that is the one thing to do then. */
  readonly oneOfMany: boolean;
}

function Waits({ room, person, oneOfMany }: WaitsProps) {
  const action = useAction();
  const [listening, setListening] = useState(false);
  const [declining, setDeclining] = useState(false);
  const { replaces, visit, unopened } = person;
  const name = person.pseudonym || t("someone");
  const comesAs = person.comesAs ?? name;
  // Who changed the request on the way could read no word with it.
  const decline = (): void => {
    if (person.genuine) setDeclining(true);
    else action.run(() => room.doors.decline(person.request, null, false));
  };
  return (
    <div class={`box${person.genuine || unopened ? "" : " amber"}`}>
      <h3 dir="auto">{name}</h3>
      <p class="why">{waitedFor(person.since, room.now())}</p>
      {person.genuine ? (
        person.note !== "" && (
          <p class="said" dir="auto">
            {person.note}
          </p>
        )
      ) : (
        <p class="with-icon">
          <Icon name={unopened ? "clock" : "look"} />
          <span>{unopened ? t("waiting-unopened", { count: unopened.length, names: names(unopened) }) : t("waiting-not-genuine")}</span>
        </p>
      )}
      {visit && (
        <p class="with-icon">
          <Icon name="clock" />
          <span>{visit.segment === null ? t("door-guest") : t("door-guest-for", { text: visit.segment })}</span>
        </p>
      )}
      {replaces && <ComesBack name={name} replaces={replaces} />}
      {person.genuine && <LookCloser person={person} />}
      {person.genuine && !replaces && !visit && !person.listening && !person.muted && !declining && (
        <Switch label={t("waiting-listen")} hint={t("waiting-listen-hint", { name })} on={listening} onChange={setListening} />
      )}
      <Trouble code={action.code} />
      {declining ? (
        <DeclinePart room={room} request={person.request} name={name} onBack={() => setDeclining(false)} />
      ) : (
        <div class="buttons">
          {person.genuine && person.comesAs !== null && replaces?.allowed !== false && (
            <Button
              kind={oneOfMany ? "plain" : "primary"}
              small
              idle={action.busy}
              onPress={() => action.run(() => room.doors.admit(person.request, listening))}
            >
              {t("waiting-let-in", { name: comesAs })}
            </Button>
          )}
          <Button small name={`${t("waiting-not-now")}: ${name}`} idle={action.busy} onPress={decline}>
            {t("waiting-not-now")}
          </Button>
        </div>
      )}
    </div>
  );
}

/** What speaks for a closer look at someone, or changes their name. */
function LookCloser({ person: { pseudonym: name, removed, muted, listening, asStaff, comesAs } }: { person: WaitingPerson }) {
  const words = [
    removed && t("waiting-removed-once"),
    muted && t("waiting-muted"),
    listening && t("waiting-silenced"),
    asStaff && t("waiting-as-staff", { name }),
    !asStaff && comesAs !== null && comesAs !== name && t("waiting-namesake", { name, other: comesAs }),
    comesAs === null && t("waiting-no-name", { name }),
  ];
  return words.map(
    (said) =>
      said !== false && (
        <p class="with-icon" key={said}>
          <Icon name="look" />
          <span>{said}</span>
        </p>
      ),
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
