import { t } from "../../i18n/text";
import { Heading } from "../shared/Heading";
import { Icon } from "../shared/Icon";
import { Page } from "../shared/Page";
import { Ring } from "../shared/Ring";
import { OpenInvite } from "./OpenInvite";

/** The first visit: what this is, and three ways in. */
export function Welcome() {
  return (
    <Page name="">
      <div class="lit-page">
        <div class="lamp">
          <Ring />
        </div>
        <div class="intro">
          <Heading hero>{t("welcome-title")}</Heading>
          <p class="lead">{t("welcome-intro")}</p>
        </div>
        <ul class="points">
          <li>
            <Icon name="lock" />
            <span>{t("welcome-private")}</span>
          </li>
          <li>
            <Icon name="person" />
            <span>{t("welcome-nothing-asked")}</span>
          </li>
          <li>
            <Icon name="door" />
            <span>{t("welcome-let-in")}</span>
          </li>
        </ul>
        <OpenInvite />
        <div class="buttons">
          <a class="button" href="/account?next=/new">
            {t("welcome-make-group")}
          </a>
          <a class="button" href="/login">
            {t("welcome-login")}
          </a>
        </div>
        <p class="note centre">
          <a class="tap" href="/about">
            {t("welcome-about")}
          </a>{" "}
          <a class="tap" href="/help">
            {t("crisis-link")}
          </a>
        </p>
      </div>
    </Page>
  );
}
