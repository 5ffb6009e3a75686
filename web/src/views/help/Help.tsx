import { t } from "../../i18n/text";
import { Heading } from "../shared/Heading";
import { Page } from "../shared/Page";
import { CrisisContacts } from "./CrisisContacts";

/** Whom to call, for anyone, with or without an account or a connection. */
export function Help() {
  return (
    <Page name={t("crisis-page")} back="/">
      <div class="flow">
        <div class="intro">
          <Heading>{t("crisis-title")}</Heading>
          <p class="lead soft">{t("crisis-intro")}</p>
        </div>
        <CrisisContacts />
      </div>
    </Page>
  );
}
