import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import type { Visit } from "../../room/doorsView";
import type { InviteCard } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { useApp } from "../context";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Heading } from "../shared/Heading";
import { Icon } from "../shared/Icon";
import { NameField } from "../shared/NameField";
import { Page } from "../shared/Page";
import { Ring } from "../shared/Ring";
import { Rules } from "../shared/Rules";
import { Trouble } from "../shared/Trouble";
import { useWords } from "../unsent";
import { dropSecret } from "./secret";

/** The invitation: who asks, what the group is, how people are together there, and one thing to do. */
export function AskToJoin({ card, link }: { card: InviteCard; link: string }) {
  const app = useApp();
  const action = useAction();
  const pseudonym = useWords(`join name ${card.invite}`, LONGEST.pseudonym);
  const note = useWords(`join note ${card.invite}`, LONGEST.note);
  const [tried, setTried] = useState(false);
  const account = app.account.value;
  const elsewhere = app.elsewhere.value.find(({ group }) => group === card.group);

  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    const name = pseudonym.given;
    if (name === null) return;
    action.run(async () => {
      if (!app.account.peek()) await app.registerDeviceOnly();
      await app.askToJoin(link, name, note.given ?? "");
      pseudonym.done();
      note.done();
      dropSecret(card.invite);
    });
  };

  return (
    <Page name={t("invite-page")}>
      <form class="lit-page" noValidate onSubmit={submit}>
        <div class="lamp">
          <Ring />
        </div>
        <div class="intro">
          <Heading hero>
            <span class="hero-over">{t("invite-from", { from: card.from })}</span> <span dir="auto">{card.name}</span>
          </Heading>
          {card.welcome.trim() !== "" && (
            <p class="lead said" dir="auto">
              {card.welcome}
            </p>
          )}
        </div>
        {card.guest && <AsGuest visit={card.guest} />}
        {elsewhere && (
          <p class="box with-icon">
            <Icon name="copy" />
            <span>{elsewhere.role === "owner" ? t("invite-elsewhere-owned") : t("invite-elsewhere")}</span>
          </p>
        )}
        <section class="part">
          <h2>{t("rules-title")}</h2>
          <Rules text={card.rules} />
        </section>
        <section class="part">
          <NameField
            words={pseudonym}
            wrong={tried && pseudonym.given === null ? t("name-missing") : null}
          />
          <Field
            label={t("note-label", { from: card.from })}
            aside={t("optional")}
            hint={t("note-hint")}
            {...note.field}
            lines={3}
          />
        </section>
        <div class="stack">
          <Trouble code={action.code} />
          <Button kind="primary" submit idle={action.busy || !pseudonym.fits || !note.fits}>
            {action.busy ? t("invite-busy") : t("invite-do")}
          </Button>
          <p class="note centre">{t("invite-nothing-needed")}</p>
          {!account && (
            <p class="note centre">
              <a class="tap" href={`/login?next=/i/${card.invite}`}>
                {t("invite-login")}
              </a>
            </p>
          )}
        </div>
      </form>
    </Page>
  );
}

/** What a guest is asked to come for, and what becomes of them afterwards. */
function AsGuest({ visit: { segment, minutes } }: { visit: Visit }) {
  return (
    <div class="box">
      <p dir="auto">{segment === null ? t("guest-asked") : t("guest-asked-for", { text: segment })}</p>
      {minutes !== null && <p>{t("guest-asked-minutes", { count: minutes })}</p>}
      <p class="why">{t("guest-asked-words")}</p>
    </div>
  );
}
