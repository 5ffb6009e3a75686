/** Acts: one to three envelopes that the relay stores next to each other or not at all (docs/protocol.md, "The socket"). */
import { b64encode, type Bytes } from "../crypto/bytes.ts";
import type { CommitStep, GroupCrypto } from "../crypto/group.ts";
import type { ActFrame, PolicyPart } from "../net/wire.ts";
import { type Action as MainAction, shown } from "./actions.ts";
import type { AnyLedger } from "./anyLedger.ts";
import { AppError } from "./errors.ts";
import { uuidv7 } from "./ids.ts";
import type { Ledger } from "./ledger.ts";
import { fold, newest, propose } from "./policy.ts";
import type { PendingAct } from "./record.ts";
import { PolicyError, policyContent, readPolicy, stateContent, type PolicyMessage, type State } from "./state.ts";

/** What a device wants done: something agreed on, a change of keys, or both. */
export interface Plan<Action = MainAction> {
  readonly action?: Action;
  readonly commit?: (group: GroupCrypto) => Promise<CommitStep>;
  /** The answer to a joiner, from the group of its first epoch and what it is handed. */
  readonly reply?: (after: GroupCrypto, handed: Bytes) => Promise<Bytes>;
}

/** Codes after which the plan is made again on what the log says by then. */
export const OVERTAKEN: ReadonlySet<string> = new Set([
  "stale_policy", "stale_epoch", "epoch_taken", "epoch_unconfirmed", "wrong_epoch", "rekey_required",
]);

/**
 * Seals a plan into the one frame that asks for it. The ledger's changes have to be written before it is sent.
 * Throws AppError with the rule that forbids it.
 */
export async function prepare(ledger: Ledger, plan: Plan): Promise<PendingAct<PolicyMessage>> {
  const { record } = ledger;
  const { action } = plan;
  if (ledger.departed.length > 0 && action) throw new AppError("rekey_required");
  const seq = newest(action?.action, record.policySeq, record.handSeq);
  const message = action ? propose(record.state, record.me, seq, action) : null;
  const state = message && foldOwn(record.state, message, ledger.now());
  const policy = message && {
    action: message.action.action,
    policy_seq: message.seq,
    main: null,
    ...shown(message.action),
    ...(await ledger.keys.seal(policyContent(message))),
  };
  return complete(ledger, plan, { policy, message, handed: state && stateContent(state) });
}

/** What was announced, if anything was, and the content for whoever is added. */
export interface Announced<Message> {
  readonly policy: PolicyPart | null;
  readonly message: Message | null;
  readonly handed: Bytes | null;
}

/** The whole act, once its commit is made. */
export async function complete<Message>(
  ledger: AnyLedger<unknown>,
  plan: Plan<unknown>,
  { policy, message, handed }: Announced<Message>,
): Promise<PendingAct<Message>> {
  const frame: ActFrame = { t: "act", room: ledger.record.room, client_id: uuidv7(), ...(policy && { policy }) };
  if (!plan.commit) return { frame, message, after: null };

  const { epoch } = ledger.group;
  const step = await plan.commit(ledger.group);
  const commit = {
    epoch,
    body: b64encode(step.commit),
    ...(step.welcome && { welcome: b64encode(step.welcome) }),
    ...(plan.reply && handed && { reply: b64encode(await plan.reply(step.next, handed)) }),
  };
  if (!step.welcome || !handed) return { frame: { ...frame, commit }, message, after: step.next.serialise() };

  const first = await ledger.keys.sealNext(step.next, handed);
  return { frame: { ...frame, commit, state: first.sealed }, message, after: first.after.serialise() };
}

function foldOwn(state: State | null, message: PolicyMessage, time: number): State {
  try {
    // What others would not read is not sent.
    return fold(state, readPolicy(policyContent(message)), time);
  } catch (error) {
    throw error instanceof PolicyError ? new AppError(error.code, { cause: error }) : error;
  }
}
