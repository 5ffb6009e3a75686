/**
 * What is checked before the MLS library sees anything (docs/protocol.md): it would apply anyone's Remove.
 * Whatever does not fit is a `Suspicion`, and is not applied.
 */
import { b64encode, equalBytes, type Bytes } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import type { GroupCrypto, Leaf } from "../crypto/group.ts";
import { ForeignHandshake, readCommit, readPrivate, type CommitSummary, type PrivateHeader } from "../crypto/handshake.ts";
import { verifyAgreement, type Agreement } from "../crypto/invites.ts";
import { sha256 } from "../crypto/mac.ts";
import type { Envelope } from "../net/wire.ts";
import { uuidBytes } from "./ids.ts";
import { isAsAsked } from "./namesakes.ts";
import type { RoomRecord } from "./record.ts";
import { may } from "./roles.ts";
import { stateContent, type State } from "./state.ts";
import { memberOf } from "./timeline.ts";

/** Warnings, and whether sending stops for good. The SDK has the same. */
export const WARNINGS = {
  unannounced_change: true,
  identity_changed: true,
  bad_commit: true,
  unannounced_group: true,
  state_mismatch: true,
  tree_mismatch: true,
  wrong_reply: true,
  seq_hole: true,
  seq_rollback: true,
  void_unfounded: true,
  policy_forged: false,
  state_forged: false,
  bad_commitment: false,
  wrong_sender: false,
  unreadable: false,
  withheld: false,
  gap_unexplained: false,
  refused_unfounded: false,
  let_through: false,
  undone: false,
  unendorsed_leaf: true,
  room_refused: false,
  package_forged: false,
  report_forged: false,
  ballot_forged: false,
  ballot_stuffed: false,
  handover_forged: false,
  unreached: false,
} as const;

export type WarningCode = keyof typeof WARNINGS;

/** The server or a member did what an honest one would not. */
export class Suspicion extends Error {
  override readonly name = "Suspicion";
  readonly code: WarningCode;
  constructor(code: WarningCode, cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}

/** An `admit` or `bring` whose commit has to be the very next envelope. Leaves, members and references are b64. */
export interface Announcement {
  readonly seq: number;
  readonly committer: string;
  readonly identity: string;
  readonly ref: string;
  /** In main: to the group's rules. */
  readonly agreement?: Agreement;
  /** In further rooms: whose leaf it is, and their signature over it. */
  readonly endorsed?: { readonly member: string; readonly endorsement: string };
}

/** The application message of this group and epoch that `body` is. Throws Suspicion. */
export function checkPrivate(group: GroupCrypto, body: Bytes): PrivateHeader {
  let header;
  try {
    header = readPrivate(body);
  } catch (error) {
    throw new Suspicion("unannounced_change", error);
  }
  if (!header.application || !equalBytes(header.groupId, group.groupId) || header.epoch !== group.epoch) {
    throw new Suspicion("unannounced_change");
  }
  return header;
}

/**
 * What the commit says, which is one by a member in this epoch; null where it cannot be read or breaks the profile, so
 * that nobody with our clients can process it. Throws Suspicion.
 */
export async function checkCommit(
  group: GroupCrypto,
  gone: readonly string[],
  envelope: Pick<Envelope, "leaf" | "seq">,
  body: Bytes,
): Promise<CommitSummary | null> {
  let commit: CommitSummary;
  try {
    commit = await readCommit(body);
  } catch (error) {
    if (error instanceof ForeignHandshake) throw new Suspicion("unannounced_change", error);
    return null;
  }
  const { roster } = group;
  const committer = roster.find(({ index }) => index === commit.committer);
  const departed = new Set(gone);
  if (
    !equalBytes(commit.groupId, group.groupId) ||
    commit.epoch !== group.epoch ||
    !committer ||
    committer.id !== envelope.leaf ||
    departed.has(envelope.leaf)
  ) {
    throw new Suspicion("unannounced_change");
  }
  const { path } = commit;
  if (path && !(equalBytes(path.identity, committer.identity) && equalBytes(path.signatureKey, committer.signatureKey))) {
    throw new Suspicion("identity_changed");
  }
  return commit;
}

/**
 * Whether the commit changes just what was announced. False where the relay could not know that it does not, as what
 * announced it is void, `afterVoid` directly before it or for `contested` leaves; else throws Suspicion.
 */
export function checkAgreed(
  commit: CommitSummary,
  roster: GroupCrypto["roster"],
  gone: readonly string[],
  announced: Announcement | null,
  envelope: Pick<Envelope, "leaf" | "seq">,
  afterVoid: boolean,
  contested: (leaf: string) => boolean,
): boolean {
  if (afterVoid && (commit.added.length > 0 || commit.removed.length > 0)) return false;
  const departed = new Set(gone);
  if (announced && isAnnounced(commit, announced, envelope)) return true;
  if (announced || commit.added.length > 0 || commit.path === null) throw new Suspicion("unannounced_change");
  if (removesOnly(commit, roster, (leaf) => departed.has(leaf))) return true;
  if (removesOnly(commit, roster, (leaf) => departed.has(leaf) || contested(leaf))) return false;
  throw new Suspicion("unannounced_change");
}

function isAnnounced(commit: CommitSummary, announced: Announcement, envelope: Pick<Envelope, "leaf" | "seq">): boolean {
  const [added, ...more] = commit.added;
  return (
    added !== undefined &&
    more.length === 0 &&
    commit.removed.length === 0 &&
    envelope.seq === announced.seq + 1 &&
    envelope.leaf === announced.committer &&
    b64encode(added.ref) === announced.ref &&
    b64encode(added.identity) === announced.identity
  );
}

function removesOnly(commit: CommitSummary, roster: GroupCrypto["roster"], departed: (leaf: string) => boolean): boolean {
  const leaving = new Set(commit.removed);
  return (
    leaving.size === commit.removed.length &&
    commit.removed.every((removed) => {
      const leaf = roster.find(({ index }) => index === removed);
      return leaf !== undefined && departed(leaf.id);
    })
  );
}

/** Throws Suspicion unless whoever is added has agreed to the group's rules. */
export async function checkAgreement(agreement: Agreement, leaf: Leaf, state: State): Promise<void> {
  try {
    await verifyAgreement(agreement, leaf.signatureKey, uuidBytes(state.group), state.rules);
  } catch (error) {
    throw error instanceof CryptoError ? new Suspicion("unannounced_change", error) : error;
  }
}

/**
 * Throws Suspicion unless the first state a joiner is told is the one that the answer spoke of, of the invite's group,
 * from one who may admit, with the joiner's own name, key and agreement.
 */
export async function checkPromised(record: RoomRecord, group: GroupCrypto, told: State, admitterLeaf: string): Promise<void> {
  const { promised } = record;
  const self = told.members[record.me];
  const admitter = memberOf(told, admitterLeaf);
  const fits =
    promised !== null &&
    equalBytes(await sha256(stateContent(told)), promised.state) &&
    told.group === record.group &&
    told.room === record.room &&
    told.rules.version === promised.rules.version &&
    told.rules.text === promised.rules.text &&
    self !== undefined &&
    isAsAsked(self.pseudonym, promised.pseudonym) &&
    self.key === promised.key &&
    self.agreed === promised.rules.version &&
    self.leaves.length === 1 &&
    self.leaves[0] === group.me.id &&
    admitter !== null &&
    may(told.members[admitter]?.role ?? "guest", "admit", self.role);
  if (!fits) throw new Suspicion("state_mismatch");
}
