import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { useApp } from "../context";
import { navigate } from "../router";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Heading } from "../shared/Heading";
import { NameField } from "../shared/NameField";
import { Page } from "../shared/Page";
import { Switch } from "../shared/Switch";
import { Trouble } from "../shared/Trouble";
import { useKept } from "../kept";
import { useWords, type Words } from "../unsent";

/** Making a group. The limits are those of docs/protocol.md. */
export function NewGroup() {
  const app = useApp();
  const action = useAction();
  const name = useWords("new name", LONGEST.groupName);
  const welcome = useWords("new welcome", LONGEST.welcome);
  const rules = useWords("new rules", LONGEST.groundRules, t("rules-start"));
  const pseudonym = useWords("new pseudonym", LONGEST.pseudonym);
  const kept = useKept("new", { presence: true });
  const { presence } = kept.now;
  const [tried, setTried] = useState(false);
  const all = [name, welcome, rules, pseudonym];
  const missing = ({ given }: Words): string | null => (tried && given === null ? t("field-missing") : null);

  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if ([name, rules, pseudonym].some(({ given }) => given === null)) return;
    action.run(async () => {
      const group = await app.createGroup({
        name: name.given ?? "",
        welcome: welcome.given ?? "",
        rules: rules.given ?? "",
        charter: t("charter-start").trim(),
        pseudonym: pseudonym.given ?? "",
        presence,
      });
      for (const words of [...all, kept]) words.done();
      navigate(`/g/${group}`, "replace");
    });
  };

  return (
    <Page name={t("new-page")} back="/">
      <form class="flow" noValidate onSubmit={submit}>
        <div class="intro">
          <Heading>{t("new-title")}</Heading>
          <p class="soft">{t("new-intro")}</p>
        </div>
        <Field
          label={t("new-name-label")}
          placeholder={t("new-name-example")}
          {...name.field}
          wrong={missing(name)}
          required
        />
        <Field
          label={t("new-welcome-label")}
          aside={t("optional")}
          hint={t("new-welcome-hint")}
          {...welcome.field}
          lines={3}
        />
        <Field
          label={t("new-rules-label")}
          hint={t("new-rules-hint")}
          {...rules.field}
          wrong={missing(rules)}
          required
          lines={6}
        />
        <NameField words={pseudonym} wrong={missing(pseudonym)} />
        <Switch label={t("new-presence")} hint={t("new-presence-hint")} on={presence} onChange={(on) => kept.set({ presence: on })} />
        <div class="stack">
          <Trouble code={action.code} />
          <Button kind="primary" submit idle={action.busy || all.some((words) => !words.fits)}>
            {action.busy ? t("new-busy") : t("new-do")}
          </Button>
        </div>
      </form>
    </Page>
  );
}
