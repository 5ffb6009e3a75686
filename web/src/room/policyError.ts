/** A policy message that nobody applies; `code` is one of the server's codes. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";
  readonly code: PolicyCode;

  constructor(code: PolicyCode) {
    super(code);
    this.code = code;
  }
}

export type PolicyCode =
  | "agree_first"
  | "already_member"
  | "already_muted"
  | "already_offered"
  | "announcement_mismatch"
  | "ballot_open"
  | "ballot_over"
  | "ballot_unknown"
  | "cannot_speak"
  | "closed"
  | "does_not_belong"
  | "duplicate_identity"
  | "floor_open"
  | "forbidden"
  | "group_exists"
  | "hand_up"
  | "in_the_past"
  | "invalid_field"
  | "last_owner"
  | "listening"
  | "locked"
  | "muted"
  | "no_hand"
  | "no_offer"
  | "no_session"
  | "not_a_member"
  | "not_banned"
  | "not_listening"
  | "not_muted"
  | "not_your_turn"
  | "overlapping"
  | "pseudonym_taken"
  | "quiet"
  | "rank_too_low"
  | "renamed_often"
  | "session_open"
  | "stale_policy"
  | "too_few"
  | "too_many_plans"
  | "turn_over"
  | "unchanged"
  | "unknown_member"
  | "unknown_plan"
  | "unknown_room"
  | "unknown_segment"
  | "wrong_leaf";
