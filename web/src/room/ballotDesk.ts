/** Opening a ballot, and opening what was answered: comes when it is first needed. */
import { type Answer, isBlank, openAnswer, openKey, sealKey } from "../crypto/ballots.ts";
import { PREFIX, verify } from "../crypto/blindRsa.ts";
import { b64decode, b64encode, equalBytes } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { generate } from "../crypto/hpke.ts";
import type { ActionOf } from "./actions.ts";
import { MAX_BOXES } from "./boxes.ts";
import type { Desk } from "./desk.ts";
import { AppError } from "./errors.ts";
import { uuidBytes } from "./ids.ts";
import type { Ledger } from "./ledger.ts";
import { may, RANKS } from "./roles.ts";
import type { State } from "./state.ts";

export interface AnswerItem {
  readonly message: string;
  readonly signature: string;
  readonly sealed: string;
}

/** What the server made for a ballot. */
export interface MadeBallot {
  readonly id: string;
  readonly token_key: string;
}

/** The act that opens a ballot, with its key sealed to those who may read the answers. */
export async function opening(
  { group, members }: State, made: MadeBallot, asks: "questions" | "feedback", prompt: string, minutes: number,
): Promise<ActionOf<"open_ballot">> {
  const { privateKey, publicKey } = await generate();
  const staff = Object.entries(members)
    .filter(([, { role }]) => may(role, "open_ballot"))
    .sort(([, one], [, other]) => RANKS[other.role] - RANKS[one.role])
    .slice(0, MAX_BOXES)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const [about, ballot] = [uuidBytes(group), uuidBytes(made.id)];
  const readers = await Promise.all(
    staff.map(async ([member, { key }]) => {
      return { member, box: b64encode(await sealKey(privateKey, b64decode(key), about, ballot)) };
    }),
  );
  return {
    action: "open_ballot", target: null, ballot: made.id, asks, minutes, token_key: made.token_key, prompt,
    answer_key: b64encode(publicKey), readers,
  };
}

/** What was answered; what has no token is left out, with a warning. */
export async function opened(desk: Desk<Ledger>, id: string, items: readonly AnswerItem[]): Promise<readonly Answer[]> {
  const { state, record } = desk.ledger;
  const [ballot, asked] = [state.live.ballots[id], state.prompts[id]];
  const box = asked?.readers.find(({ member }) => member === record.me);
  if (!ballot || !box) throw new AppError("ballot_unknown");
  const [group, about] = [uuidBytes(state.group), uuidBytes(id)];
  const key = await openKey(b64decode(box.box), record.policyKey, group, about);
  const found: Answer[] = [];
  const tokens = new Set<string>();
  let forged = false;
  for (const { message, signature, sealed } of items) {
    try {
      const token = b64decode(message);
      const right = equalBytes(token.slice(PREFIX), about) && !tokens.has(message);
      if (!right || !(await verify(b64decode(ballot.token_key), token, b64decode(signature)))) {
        throw new CryptoError("this answer has no token");
      }
      tokens.add(message);
      found.push(await openAnswer(b64decode(sealed), key, group, about, token));
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
      forged = true;
    }
  }
  if (forged) await desk.warn("ballot_forged");
  if (tokens.size > ballot.voters) await desk.warn("ballot_stuffed");
  return found.filter((answer) => !isBlank(answer));
}
