import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import type { Role } from "../../room/types";

const WORDS: Readonly<Record<Role, MessageId>> = {
  guest: "duties-guest",
  member: "duties-member",
  moderator: "duties-moderator",
  facilitator: "duties-facilitator",
  owner: "duties-owner",
};

/** What someone of a role may do. */
export function Duties({ role }: { role: Role }) {
  return <p>{t(WORDS[role])}</p>;
}
