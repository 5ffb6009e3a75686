import { useState } from "preact/hooks";
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

/** Making a group. The limits are those of docs/protocol.md. */
export function NewGroup() {
  const app = useApp();
  const action = useAction();
  const [name, setName] = useState("");
  const [welcome, setWelcome] = useState("");
  const [rules, setRules] = useState(() => t("rules-start"));
  const [pseudonym, setPseudonym] = useState("");
  const [presence, setPresence] = useState(true);
  const [tried, setTried] = useState(false);
  const missing = (text: string): string | null => (tried && text.trim() === "" ? t("field-missing") : null);

  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if ([name, rules, pseudonym].some((text) => text.trim() === "")) return;
    action.run(async () => {
      const group = await app.createGroup({
        name: name.trim(),
        welcome: welcome.trim(),
        rules: rules.trim(),
        charter: t("charter-start").trim(),
        pseudonym: pseudonym.trim(),
        presence,
      });
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
          value={name}
          onValue={setName}
          wrong={missing(name)}
          limit={80}
          required
        />
        <Field
          label={t("new-welcome-label")}
          aside={t("optional")}
          hint={t("new-welcome-hint")}
          value={welcome}
          onValue={setWelcome}
          limit={500}
          lines={3}
        />
        <Field
          label={t("new-rules-label")}
          hint={t("new-rules-hint")}
          value={rules}
          onValue={setRules}
          wrong={missing(rules)}
          limit={4000}
          required
          lines={6}
        />
        <NameField value={pseudonym} onValue={setPseudonym} wrong={missing(pseudonym)} />
        <Switch label={t("new-presence")} hint={t("new-presence-hint")} on={presence} onChange={setPresence} />
        <div class="stack">
          <Trouble code={action.code} />
          <Button kind="primary" submit idle={action.busy}>
            {action.busy ? t("new-busy") : t("new-do")}
          </Button>
        </div>
      </form>
    </Page>
  );
}
