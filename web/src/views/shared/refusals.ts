import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";

/** Plain words for the codes a person can meet on a screen; the rest share one sentence that names the code. */
const WORDS: Readonly<Record<string, MessageId>> = {
  already_member: "refused-already-member",
  blocked: "refused-blocked",
  forbidden: "refused-forbidden",
  handle_invalid: "refused-handle-invalid",
  handle_taken: "refused-handle-taken",
  halted: "refused-halted",
  internal: "refused-internal",
  invalid_field: "refused-invalid-field",
  invite_expired: "refused-invite-expired",
  invite_revoked: "refused-invite-revoked",
  invite_unknown: "refused-invite-unknown",
  invite_used_up: "refused-invite-used-up",
  last_owner: "refused-last-owner",
  link_broken: "refused-link-broken",
  low_memory: "refused-low-memory",
  not_a_member: "refused-not-a-member",
  not_genuine: "refused-not-genuine",
  offline: "refused-offline",
  owner_elsewhere: "refused-owner-elsewhere",
  pseudonym_taken: "refused-pseudonym-taken",
  quota_reached: "refused-quota-reached",
  rank_too_low: "refused-rank-too-low",
  rekey_required: "refused-changing",
  removed: "refused-not-a-member",
  request_decided: "refused-request-decided",
  request_expired: "refused-request-expired",
  request_unknown: "refused-request-expired",
  stale_epoch: "refused-changing",
  stale_policy: "refused-changing",
  storage_full: "refused-storage-full",
  storage_refused: "refused-storage-refused",
  throttled: "refused-throttled",
  too_large: "refused-too-large",
  unauthenticated: "refused-unauthenticated",
  unavailable: "refused-unavailable",
  unknown_member: "refused-unknown-member",
  wrong_login: "refused-wrong-login",
};

export function wordsFor(code: string): string {
  const id = WORDS[code];
  return id ? t(id) : t("refused-other", { code });
}
