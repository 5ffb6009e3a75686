import { useState } from "preact/hooks";
import { LANGUAGES, chooseLanguage, language } from "../../i18n/language";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { useApp } from "../context";
import { READING_SIZES, THEMES, keyHelp, readingSize, theme, type ReadingSize, type Theme } from "../preferences";
import { navigate } from "../router";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { Heading } from "../shared/Heading";
import { Icon } from "../shared/Icon";
import { Page } from "../shared/Page";
import { Sheet } from "../shared/Sheet";
import { Switch } from "../shared/Switch";
import { Shield } from "./Shield";
import { Trouble } from "../shared/Trouble";

const themeWord = (value: Theme): string =>
  ({ system: t("theme-system"), light: t("theme-light"), dark: t("theme-dark") })[value];

const sizeWord = (value: ReadingSize): string =>
  ({ usual: t("size-usual"), large: t("size-large"), larger: t("size-larger"), largest: t("size-largest") })[value];

export function Settings() {
  const [leaving, setLeaving] = useState(false);
  const languages = LANGUAGES.filter((known) => !known.rehearsal);
  const account = useApp().account.value;
  return (
    <Page name={t("settings")} back="/">
      <div class="flow">
        <Heading>{t("settings")}</Heading>
        <Choices
          legend={t("reading-size")}
          value={readingSize.value}
          options={READING_SIZES.map((value) => ({ value, label: sizeWord(value) }))}
          onChoose={(value) => (readingSize.value = value)}
        />
        <Choices
          legend={t("theme")}
          value={theme.value}
          options={THEMES.map((value) => ({ value, label: themeWord(value) }))}
          onChoose={(value) => (theme.value = value)}
        />
        {languages.length > 1 && (
          <Choices
            legend={t("language")}
            value={language.value.id}
            options={languages.map(({ id, name }) => ({ value: id, label: name }))}
            onChoose={chooseLanguage}
          />
        )}
        <Switch
          label={t("keys-switch")}
          hint={t("keys-switch-hint")}
          on={keyHelp.value === "on"}
          onChange={(on) => (keyHelp.value = on ? "on" : "off")}
        />
        {account && <Shield />}
        <div class="rows">
          <a class="row" href="/about">
            <Icon name="about" />
            <span class="row-words">
              <b>{t("about-title")}</b>
            </span>
            <Icon name="on" />
          </a>
          {account && (
            <button type="button" class="row remove" onClick={() => setLeaving(true)}>
              <Icon name="leave" />
              <span class="row-words">
                <b>{t("logout")}</b>
                <span class="note">{account.deviceOnly ? t("logout-device-note") : t("logout-as", { handle: account.handle })}</span>
              </span>
              <Icon name="on" />
            </button>
          )}
        </div>
      </div>
      {leaving && account && <LogOut deviceOnly={account.deviceOnly} onClose={() => setLeaving(false)} />}
    </Page>
  );
}

function LogOut({ deviceOnly, onClose }: { deviceOnly: boolean; onClose: () => void }) {
  const app = useApp();
  const action = useAction();
  return (
    <Sheet title={t("logout-title")} onClose={onClose}>
      <p>{t("logout-forgets")}</p>
      <p class={deviceOnly ? "box amber" : "soft"}>{deviceOnly ? t("logout-device-only") : t("logout-again")}</p>
      <Trouble code={action.code} />
      <div class="buttons">
        <Button
          kind="remove"
          idle={action.busy}
          onPress={() =>
            action.run(async () => {
              await app.logout();
              navigate("/", "replace");
            })
          }
        >
          {t("logout-do")}
        </Button>
        <Button onPress={onClose}>{t("logout-stay")}</Button>
      </div>
    </Sheet>
  );
}
