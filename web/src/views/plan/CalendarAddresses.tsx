import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { date } from "../../i18n/time";
import { copy } from "../../platform";
import { codeOf } from "../../room/errors";
import type { CalendarAddress } from "../../room/plansView";
import type { RoomView } from "../../room/types";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Trouble } from "../shared/Trouble";

/** Addresses for calendar programs: making one, which is told this once, and taking them back. */
export function CalendarAddresses({ room }: { room: RoomView }) {
  const [made, setMade] = useState<string | null>(null);
  const [copied, setCopied] = useState<boolean | null>(null);
  const [known, setKnown] = useState<readonly CalendarAddress[]>([]);
  const [changes, setChanges] = useState(0);
  const [code, setCode] = useState<string | null>(null);
  const action = useAction();

  useEffect(() => {
    let current = true;
    room.plans.calendars().then(
      (found) => current && setKnown(found),
      (error: unknown) => current && setCode(codeOf(error)),
    );
    return () => {
      current = false;
    };
  }, [room, changes]);

  const make = (all: boolean): void =>
    action.run(async () => {
      setMade(await room.plans.makeCalendar(all));
      setCopied(null);
      setChanges(changes + 1);
    });
  return (
    <>
      {made === null ? (
        <div class="buttons">
          <Button idle={action.busy} onPress={() => make(false)}>
            {t("calendar-make")}
          </Button>
          <Button idle={action.busy} onPress={() => make(true)}>
            {t("calendar-make-all")}
          </Button>
        </div>
      ) : (
        <>
          <p class="note">{t("calendar-made")}</p>
          <p class="link-box" dir="ltr">
            {made}
          </p>
          <Button
            kind="primary"
            icon={copied ? "check" : "copy"}
            onPress={() => void copy(made).then(setCopied)}
          >
            {copied ? t("invite-copied") : t("calendar-copy")}
          </Button>
          <p role="status" class="note">
            {copied === false && t("invite-copy-failed")}
            {copied === true && <span class="unseen">{t("invite-copied")}</span>}
          </p>
        </>
      )}
      <Trouble code={action.code ?? code} />
      <ul class="rows">
        {known.map(({ id, all, created }) => (
          <li key={id} class="row">
            <span class="row-words">
              <b>{all ? t("calendar-of-all") : t("calendar-of-group")}</b>
              <span class="note">{t("calendar-since", { day: date(created) })}</span>
            </span>
            <Button
              kind="quiet"
              small
              name={`${t("invites-take-back")}: ${all ? t("calendar-of-all") : t("calendar-of-group")}, ${t("calendar-since", { day: date(created) })}`}
              idle={action.busy}
              onPress={() =>
                action.run(async () => {
                  await room.plans.revokeCalendar(id);
                  setMade(null);
                  setChanges(changes + 1);
                })
              }
            >
              {t("invites-take-back")}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
