/** What everyone is asked and answers without a name, as a room shows it. What it takes comes when it is first needed. */
import { signal } from "@preact/signals";
import type { Mood } from "../crypto/ballots.ts";
import type { Acting } from "./acting.ts";
import type { Action } from "./actions.ts";
import type { AnswerItem, MadeBallot } from "./ballotDesk.ts";
import type { Booth } from "./booth.ts";
import type { Desk } from "./desk.ts";
import type { Ledger } from "./ledger.ts";
import { settle } from "./running.ts";
import type { BallotOutcome, BallotsView, BallotView } from "./types.ts";

export class Balloting implements BallotsView {
  readonly list = signal<readonly BallotView[]>([]);
  readonly #desk: Desk<Ledger>;
  readonly #acting: Acting<Action>;
  #booth: Booth | null = null;

  constructor(desk: Desk<Ledger>, acting: Acting<Action>) {
    this.#desk = desk;
    this.#acting = acting;
  }

  /** The log is up to date: what is asked is seen to. */
  look(): void {
    if (this.list.value.length === 0) return;
    // Where the booth cannot be fetched now, the next look tries again.
    this.#seat().then((booth) => booth.look()).catch(() => undefined);
  }

  show(): void {
    const { ledger } = this.#desk;
    if (!ledger.record.state) return;
    const { live, prompts } = settle(ledger.state, ledger.now());
    const shown = Object.entries(live.ballots).sort(([, one], [, other]) => one.opened - other.opened);
    this.list.value = shown.map(([id, { asks, closes }]) => {
      const { prompt = "", readers = [] } = prompts[id] ?? {};
      const mine = readers.some(({ member }) => member === ledger.record.me);
      return { id, asks, prompt, closes, mine, fate: this.#booth?.fate(id) ?? null, said: this.#booth?.said(id) ?? null };
    });
  }

  async open(asks: "questions" | "feedback", prompt: string, minutes: number): Promise<void> {
    const { device, ledger } = this.#desk;
    const made = await device.api.post<MadeBallot>(`/groups/${ledger.record.group}/ballots`);
    const { opening } = await import("./ballotDesk.ts");
    const action = await opening(ledger.state, made, asks, prompt, minutes);
    await this.#acting.perform(() => ({ action }));
  }

  close(id: string): Promise<void> {
    return this.#acting.perform(() => ({ action: { action: "close_ballot", target: null, ballot: id } }));
  }

  async say(id: string, text: string, mood: Mood | null): Promise<void> {
    await (await this.#seat()).say(id, { v: 1, kind: "answer", mood, text });
  }

  async read(id: string): Promise<BallotOutcome> {
    const { device, ledger } = this.#desk;
    const path = `/groups/${ledger.record.group}/ballots/${id}`;
    const { status } = await device.api.get<{ status: BallotOutcome["status"] }>(path);
    const mine = this.list.value.some((ballot) => ballot.id === id && ballot.mine);
    if (status !== "in" || !mine) return { status, answers: [] };
    const { items } = await device.api.get<{ items: readonly AnswerItem[] }>(`${path}/answers`);
    const { opened } = await import("./ballotDesk.ts");
    return { status, answers: await opened(this.#desk, id, items) };
  }

  async #seat(): Promise<Booth> {
    const { Booth } = await import("./booth.ts");
    this.#booth ??= new Booth(this.#desk, () => this.show());
    return this.#booth;
  }
}
