import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import type { Role } from "../../room/types";

const NAMES: Readonly<Record<Role, MessageId>> = {
  owner: "role-owner",
  facilitator: "role-facilitator",
  moderator: "role-moderator",
  member: "role-member",
  guest: "role-guest",
};

const WITH_ARTICLE: Readonly<Record<Role, MessageId>> = {
  owner: "a-owner",
  facilitator: "a-facilitator",
  moderator: "a-moderator",
  member: "a-member",
  guest: "a-guest",
};

export function roleName(role: Role): string {
  return t(NAMES[role]);
}

/** "a moderator", "an owner": inside a sentence. */
export function aRole(role: Role): string {
  return t(WITH_ARTICLE[role]);
}

const NOW: Readonly<Record<Role, MessageId>> = {
  owner: "notice-role-owner",
  facilitator: "notice-role-facilitator",
  moderator: "notice-role-moderator",
  member: "notice-role-member",
  guest: "notice-role-guest",
};

/** What someone is from now on, as the room is told. */
export function nowWords(who: string, role: Role): string {
  return t(NOW[role], { who });
}

/** What stands beside a name; a member is simply a member, and nothing stands there. */
export function roleWord(role: Role): string | null {
  return role === "member" ? null : roleName(role);
}
