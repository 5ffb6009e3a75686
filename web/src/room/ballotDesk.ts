/** What a device does for what is asked without names: its own vote, and for facilitators opening it and reading. Comes when it is first needed. */
import type { Signal } from "@preact/signals";
import { type Answer, answering, isBlank, type Mood, openAnswer, openKey, sealKey } from "../crypto/ballots.ts";
import { PREFIX, verify } from "../crypto/blindRsa.ts";
import { b64decode, b64encode, equalBytes } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { generate } from "../crypto/hpke.ts";
import type { Acting } from "./acting.ts";
import type { Action, ActionOf } from "./actions.ts";
import { Booth } from "./booth.ts";
import { MAX_BOXES } from "./boxes.ts";
import type { Desk } from "./desk.ts";
import { AppError } from "./errors.ts";
import { uuidBytes } from "./ids.ts";
import type { Ledger } from "./ledger.ts";
import { reachable } from "./reach.ts";
import { may, RANKS } from "./roles.ts";
import { settle } from "./running.ts";
import type { BallotDeeds, BallotOutcome, BallotView } from "./types.ts";

interface AnswerItem {
  readonly message: string;
  readonly signature: string;
  readonly sealed: string;
}

/** What the server made for a ballot. */
interface MadeBallot {
  readonly id: string;
  readonly token_key: string;
}

export class BallotDesk implements BallotDeeds {
  readonly #desk: Desk<Ledger>;
  readonly #acting: Acting<Action>;
  readonly #list: Signal<readonly BallotView[]>;
  readonly #booth: Booth;

  constructor(desk: Desk<Ledger>, acting: Acting<Action>, list: Signal<readonly BallotView[]>) {
    this.#desk = desk;
    this.#acting = acting;
    this.#list = list;
    this.#booth = new Booth(desk, () => this.#list.value = this.#shown());
  }

  /** Once the log is up to date, also votes. */
  show(): void {
    const { connection, ledger } = this.#desk;
    this.#list.value = this.#shown();
    if (connection === "live" && ledger.record.state && !ledger.record.ending && !ledger.halted) this.#booth.look();
  }

  async open(asks: BallotView["asks"], prompt: string, minutes: number): Promise<void> {
    const { device, ledger } = this.#desk;
    const made = await device.api.post<MadeBallot>(`/groups/${ledger.record.group}/ballots`);
    const action = await opening(ledger, made, asks, prompt, minutes);
    await this.#acting.perform(() => ({ action }));
  }

  close(id: string): Promise<void> {
    return this.#acting.perform(() => ({ action: { action: "close_ballot", target: null, ballot: id } }));
  }

  say(id: string, text: string, mood: Mood | null): Promise<void> {
    return this.#booth.say(id, answering(text, mood));
  }

  async read(id: string): Promise<BallotOutcome> {
    const { device, ledger } = this.#desk;
    const path = `/groups/${ledger.record.group}/ballots/${id}`;
    const { status } = await device.api.get<{ status: BallotOutcome["status"] }>(path);
    const mine = this.#list.value.some((ballot) => ballot.id === id && ballot.mine);
    if (status !== "in" || !mine) return { status, answers: [] };
    const items = await device.api.list<AnswerItem>(`${path}/answers`);
    return { status, answers: await opened(this.#desk, id, items) };
  }

  #shown(): BallotView[] {
    const { ledger } = this.#desk;
    if (!ledger.record.state) return [];
    const { live, prompts } = settle(ledger.state, ledger.now());
    const oldestFirst = Object.entries(live.ballots).sort(([, one], [, other]) => one.opened - other.opened);
    return oldestFirst.map(([id, { asks, closes }]) => {
      const { prompt = "", readers = [] } = prompts[id] ?? {};
      const mine = readers.some(({ member }) => member === ledger.record.me);
      return { id, asks, prompt, closes, mine, fate: this.#booth.fate(id), said: this.#booth.said(id) };
    });
  }
}

/** The act that opens a ballot, with its key sealed to those who may read the answers. */
async function opening(
  ledger: Ledger, made: MadeBallot, asks: BallotView["asks"], prompt: string, minutes: number,
): Promise<ActionOf<"open_ballot">> {
  const { privateKey, publicKey } = await generate();
  const { group, members } = ledger.state;
  const staff = Object.entries(members)
    .filter(([, { role }]) => may(role, "open_ballot"))
    .sort(([, one], [, other]) => RANKS[other.role] - RANKS[one.role])
    .map(([id]) => id);
  const [about, ballot] = [uuidBytes(group), uuidBytes(made.id)];
  const readers = await Promise.all(
    reachable(ledger, staff).slice(0, MAX_BOXES).sort().map(async (member) => {
      const key = b64decode(members[member]?.key ?? "");
      return { member, box: b64encode(await sealKey(privateKey, key, about, ballot)) };
    }),
  );
  return {
    action: "open_ballot", target: null, ballot: made.id, asks, minutes, token_key: made.token_key, prompt,
    answer_key: b64encode(publicKey), readers,
  };
}

/** What was answered; what has no token is left out, with a warning. */
async function opened(desk: Desk<Ledger>, id: string, items: readonly AnswerItem[]): Promise<readonly Answer[]> {
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
