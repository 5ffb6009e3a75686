import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import { Heading } from "../shared/Heading";
import { Page } from "../shared/Page";

const PARTS: readonly (readonly [title: MessageId, words: readonly MessageId[]])[] = [
  ["about-read-title", ["about-read", "about-read-keys"]],
  ["about-server-title", ["about-server", "about-server-not"]],
  ["about-people-title", ["about-people", "about-people-warn"]],
  ["about-kept-title", ["about-kept"]],
  ["about-cannot-title", ["about-cannot-photo", "about-cannot-device", "about-cannot-server"]],
  ["about-exit-title", ["about-exit", "about-exit-limit"]],
];

/** The one page that explains how it works, with its limits. Here the words "key" and "encrypted" are allowed. */
export function About() {
  return (
    <Page name={t("about-title")} back="/">
      <article class="flow reading">
        <div class="intro">
          <Heading>{t("about-title")}</Heading>
          <p class="lead soft">{t("about-intro")}</p>
        </div>
        {PARTS.map(([title, words]) => (
          <section key={title} class="part">
            <h2>{t(title)}</h2>
            {words.map((id) => (
              <p key={id}>{t(id)}</p>
            ))}
          </section>
        ))}
      </article>
    </Page>
  );
}
