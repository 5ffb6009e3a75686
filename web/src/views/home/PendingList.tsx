import type { MessageId } from "../../i18n/ids";
import type { PendingJoin } from "../../room/types";
import { t } from "../../i18n/text";
import { useApp } from "../context";

const STATUS: Readonly<Record<PendingJoin["status"], MessageId>> = {
  waiting: "pending-waiting",
  admitted: "pending-admitted",
  declined: "pending-declined",
  closed: "pending-closed",
  ended: "pending-closed",
  expired: "pending-expired",
  trouble: "pending-trouble",
};

/** Groups this person asked to join and is not in yet. */
export function PendingList() {
  return (
    <ul class="groups">
      {useApp().pending.value.map((join) => (
        <li key={join.request}>
          <a class="group" href={`/i/${join.card.invite}`}>
            <b class="group-name" dir="auto">
              {join.card.name}
            </b>
            <span class="group-last">{t(STATUS[join.status], { from: join.card.from })}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
