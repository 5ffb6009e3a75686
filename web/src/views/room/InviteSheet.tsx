import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { Field } from "../shared/Field";
import { Sheet } from "../shared/Sheet";
import { Switch } from "../shared/Switch";
import { Trouble } from "../shared/Trouble";
import { useKept } from "../kept";
import { useWords } from "../unsent";
import { InviteLink } from "./InviteLink";
import { InviteList } from "./InviteList";
import type { InRoom } from "./inRoom";

const USES = [1, 5, 20] as const;
const DAYS = [1, 7, 30] as const;
const MINUTES = [10, 20, 40] as const;

/** Makes an invite link and shows it once it is made; below, the invites that still open the door. `guest`: for what one is asked. */
export function InviteSheet({ room, onClose, onBack, guest: asked }: InRoom & { readonly guest: string | undefined }) {
  const action = useAction();
  const kept = useKept(`${room.groupId} invite`, { uses: "1", days: "1", minutes: "20", guest: false });
  const { uses, days, minutes } = kept.now;
  const [link, setLink] = useState<string | null>(null);
  const guest = kept.now.guest || asked !== undefined;
  const segment = useWords(`${room.groupId} guest`, LONGEST.title, asked ?? "");
  const make = (): Promise<string> =>
    guest
      ? room.doors.inviteGuest(segment.given, Number(minutes))
      : room.doors.createInvite({ uses: Number(uses), days: Number(days) });
  return (
    <Sheet title={t("invite-someone")} under={t("invite-someone-under")} onClose={onClose} onBack={onBack}>
      {link === null ? (
        <div class="stack" key="choose">
          <Switch label={t("guest-switch")} hint={t("guest-switch-hint")} on={guest} onChange={(on) => kept.set({ guest: on })} />
          {guest ? (
            <>
              <Field
                label={t("guest-segment")}
                aside={t("optional")}
                placeholder={t("guest-segment-example")}
                {...segment.field}
              />
              <Choices
                legend={t("guest-minutes")}
                value={minutes}
                options={MINUTES.map((count) => ({ value: String(count), label: t("guest-minutes-count", { count }) }))}
                onChoose={(to) => kept.set({ minutes: to })}
              />
              <p class="note">{t("guest-invite-note")}</p>
            </>
          ) : (
            <>
              <Choices
                legend={t("invite-uses")}
                value={uses}
                options={USES.map((count) => ({ value: String(count), label: t("invite-uses-count", { count }) }))}
                onChoose={(to) => kept.set({ uses: to })}
              />
              <Choices
                legend={t("invite-days")}
                value={days}
                options={DAYS.map((count) => ({ value: String(count), label: t("invite-days-count", { count }) }))}
                onChoose={(to) => kept.set({ days: to })}
              />
              {(uses !== "1" || days === "30") && <p class="note">{t("invite-many-note")}</p>}
            </>
          )}
          <Trouble code={action.code} />
          <Button
            kind="primary"
            idle={action.busy || (guest && !segment.fits)}
            onPress={() =>
              action.run(async () => {
                setLink(await make());
                segment.done();
                kept.done();
              })
            }
          >
            {action.busy ? t("invite-making") : t("invite-make")}
          </Button>
        </div>
      ) : (
        <div class="stack" key="made">
          <InviteLink link={link} />
          {guest && <p class="note">{t("guest-link-note")}</p>}
          <Button kind="quiet" onPress={() => setLink(null)}>
            {t("invite-another")}
          </Button>
        </div>
      )}
      <InviteList room={room} made={link} />
    </Sheet>
  );
}
