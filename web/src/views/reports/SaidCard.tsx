import type { Card, Message } from "../../room/types";
import { t } from "../../i18n/text";
import { Icon } from "../shared/Icon";

/** What is known about something, as someone who looks after the group gave it. */
export function SaidCard({ message, card }: { message: Message; card: Card }) {
  return (
    <section class="said-card">
      <p class="with-icon note">
        <Icon name="leaf" />
        <span>{card.about === null ? t("card-good") : t("card-answers", { name: card.about })}</span>
      </p>
      <h2 dir="auto">{card.title}</h2>
      <p class="said" dir="auto">
        {message.text}
      </p>
    </section>
  );
}
