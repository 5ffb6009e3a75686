import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import type { Role } from "../../room/types";

const WORDS: Readonly<Record<Role, MessageId | null>> = {
  owner: "role-owner",
  facilitator: "role-facilitator",
  moderator: "role-moderator",
  member: null,
  guest: "role-guest",
};

/** What stands beside a name; a member is simply a member, and nothing stands there. */
export function roleWord(role: Role): string | null {
  const id = WORDS[role];
  return id && t(id);
}
