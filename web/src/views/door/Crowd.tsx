import { useEffect, useState } from "preact/hooks";
import type { RoomView, WaitingPerson } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { Trouble } from "../shared/Trouble";

/** So many who ask by one link may be a raid. */
const MANY = 4;

/** Where many came by the same link: it is ended, and they are turned away with it, while all others go on waiting. */
export function Crowd({ room }: { room: RoomView }) {
  const action = useAction();
  const [invite, count] = mostAskedBy(room.waiting.value);
  if (invite === null) return null;
  return (
    <div class="box amber">
      <p class="with-icon">
        <Icon name="link" />
        <span>{t("door-crowd", { count })}</span>
      </p>
      <Trouble code={action.code} />
      <Button small idle={action.busy} onPress={() => action.run(() => room.doors.revokeInvite(invite))}>
        {t("door-crowd-do")}
      </Button>
    </div>
  );
}

function mostAskedBy(waiting: readonly WaitingPerson[]): [invite: string | null, count: number] {
  const counts = new Map<string, number>();
  for (const { invite } of waiting) counts.set(invite, (counts.get(invite) ?? 0) + 1);
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  return most && most[1] >= MANY ? most : [null, 0];
}

/** One tap that turns away everyone who waits. */
export function TurnAllAway({ room }: { room: RoomView }) {
  const action = useAction();
  const requests = room.waiting.value.map(({ request }) => request);
  if (requests.length < 2) return null;
  return (
    <div class="stack">
      <Trouble code={action.code} />
      <Button idle={action.busy} onPress={() => action.run(() => room.doors.turnAway(requests))}>
        {t("door-none", { count: requests.length })}
      </Button>
      <p class="note">{t("door-none-hint")}</p>
    </div>
  );
}

/** Those who were told not to ask again, as a number, and the way back. */
export function Refused({ room }: { room: RoomView }) {
  const action = useAction();
  const [count, setCount] = useState(0);
  const waiting = room.waiting.value;
  useEffect(() => {
    let current = true;
    room.doors.refused().then(
      (found) => current && setCount(found),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [room, waiting]);
  if (count === 0) return null;
  return (
    <div class="stack">
      <p class="note">{t("door-refused", { count })}</p>
      <Trouble code={action.code} />
      <Button
        small
        idle={action.busy}
        onPress={() =>
          action.run(async () => {
            await room.doors.forgive();
            setCount(0);
          })
        }
      >
        {t("door-forgive")}
      </Button>
    </div>
  );
}
