import { useId } from "preact/hooks";
import { locale } from "../../i18n/language";
import { t } from "../../i18n/text";
import { date } from "../../i18n/time";
import { nameOf } from "../../platform";
import { Icon } from "../shared/Icon";
import { chooseCountry, chosenCountry, countryShown, ELSEWHERE } from "./country";
import { CHECKED, COUNTRIES, type CrisisLine, dialled } from "./crisisLines";

/** Whom to call, at once and without a connection to us; and the choice of the country. */
export function CrisisContacts() {
  const country = countryShown();
  return (
    <div class="flow">
      <ul class="calls">
        {(country?.emergency ?? ["112", "911"]).map((number) => (
          <li key={number}>
            <Call number={number} name={t("crisis-emergency")} note={t("crisis-emergency-note")} urgent />
          </li>
        ))}
        {country?.lines.map((line) => (
          <li key={line.number}>
            <Call number={line.number} name={line.name} note={when(line)} />
          </li>
        ))}
      </ul>
      {!country && <p class="box amber">{t("crisis-elsewhere")}</p>}
      <CountryField />
      <p class="note">{t("crisis-checked", { day: date(Date.parse(`${CHECKED}T12:00:00Z`)) })}</p>
    </div>
  );
}

function when({ hours, texts, language: spoken }: CrisisLine): string {
  const hour = (at: number): string =>
    new Intl.DateTimeFormat(locale.value, { hour: "numeric", timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, 1, at)));
  const name = spoken && nameOf(spoken, "language", locale.value);
  return [
    hours ? t("crisis-hours", { from: hour(hours[0]), until: hour(hours[1]) }) : t("crisis-always"),
    ...(texts ? [t("crisis-texts")] : []),
    ...(name ? [name] : []),
  ].join(" · ");
}

function Call({ number, name, note, urgent }: { number: string; name: string; note: string; urgent?: boolean }) {
  return (
    <a class={`call${urgent ? " urgent" : ""}`} href={`tel:${dialled(number)}`}>
      <Icon name="phone" />
      <span class="call-words">
        <b dir="auto">{name}</b>
        <span class="note">{note}</span>
      </span>
      <bdi class="call-number" dir="ltr">
        {number}
      </bdi>
    </a>
  );
}

function CountryField() {
  const id = useId();
  const options = COUNTRIES.map(({ code }) => ({ code, name: nameOf(code, "region", locale.value) }));
  options.sort((one, other) => one.name.localeCompare(other.name, locale.value));
  return (
    <div class="field">
      <label for={id}>{t("crisis-country")}</label>
      <div class="field-box">
        <select id={id} value={chosenCountry.value} onChange={(event) => chooseCountry(event.currentTarget.value)}>
          {options.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
          <option value={ELSEWHERE}>{t("crisis-another")}</option>
        </select>
      </div>
    </div>
  );
}
