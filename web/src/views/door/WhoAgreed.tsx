import { t } from "../../i18n/text";
import type { Member } from "../../room/types";
import { Icon } from "../shared/Icon";

/** For facilitators: who agreed to the rules as they stand, first those who have not yet. */
export function WhoAgreed({ members }: { members: readonly Member[] }) {
  const sorted = [...members].sort((one, other) => Number(one.agreed) - Number(other.agreed));
  return (
    <section class="part">
      <h3>{t("rules-who")}</h3>
      <ul class="rows">
        {sorted.map((member) => (
          <li key={member.id} class="row">
            <Icon name={member.agreed ? "check" : "clock"} />
            <span class="row-words">
              <b dir="auto">{member.pseudonym}</b>
              <span class="note">
                {member.agreed ? t("rules-has-agreed") : t("rules-agreed-before", { number: member.agreedTo })}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
