/** What a person does to what the group has agreed, and to others in it. */
import type { MuteLength } from "../net/wire.ts";
import { AppError } from "./errors.ts";
import { later } from "../net/later.ts";
import type { Acting } from "./acting.ts";
import type { Action } from "./actions.ts";
import type { Desk } from "./desk.ts";
import type { Ledger } from "./ledger.ts";
import { accepting, muting, removing, restoring, takingDown } from "./moderating.ts";
import type { Doing, Role } from "./types.ts";

export class Deeds implements Doing {
  readonly #desk: Desk<Ledger>;
  readonly #acting: Acting<Action>;

  constructor(desk: Desk<Ledger>, acting: Acting<Action>) {
    this.#desk = desk;
    this.#acting = acting;
  }

  remove(member: string, ban: boolean, reason: string | null): Promise<void> {
    return this.#acting.perform(() => removing(this.#desk.ledger, member, ban, reason));
  }

  unban(target: string): Promise<void> {
    return this.#do({ action: "unban", target });
  }

  mute(member: string, length: MuteLength, reason: string | null): Promise<void> {
    return this.#acting.perform(() => muting(this.#desk.ledger, member, length, reason));
  }

  unmute(target: string): Promise<void> {
    return this.#do({ action: "unmute", target });
  }

  muteAll(on: boolean): Promise<void> {
    return this.#do({ action: "mute_all", target: null, on });
  }

  letSpeak(target: string): Promise<void> {
    return this.#do({ action: "let_speak", target });
  }

  takeDown(line: number, reason: string | null): Promise<void> {
    return this.#acting.perform(() => takingDown(this.#desk.ledger, this.#desk, line, reason));
  }

  restore(line: number): Promise<void> {
    return this.#acting.perform(() => restoring(this.#desk, line));
  }

  offerRole(target: string, role: Role): Promise<void> {
    return this.#do({ action: "offer", target, role });
  }

  endOffer(target: string): Promise<void> {
    return this.#do({ action: "end_offer", target });
  }

  accept(): Promise<void> {
    return this.#acting.perform(() => accepting(this.#desk.ledger));
  }

  demote(target: string, role: Role): Promise<void> {
    return this.#do({ action: "demote", target, role });
  }

  stepDown(role: Role): Promise<void> {
    return this.#do({ action: "step_down", target: null, role });
  }

  retain(days: number): Promise<void> {
    return this.#do({ action: "retain", target: null, days });
  }

  writeCharter(charter: string): Promise<void> {
    return this.#do({ action: "write_charter", target: null, charter });
  }

  writeRules(rules: string): Promise<void> {
    return this.#do({ action: "write_rules", target: null, rules });
  }

  renameGroup(name: string): Promise<void> {
    return this.#do({ action: "rename_group", target: null, name });
  }

  writeWelcome(welcome: string): Promise<void> {
    return this.#do({ action: "write_welcome", target: null, welcome });
  }

  async rename(pseudonym: string): Promise<void> {
    const { refusal } = await later("names", () => import("./names.ts"));
    const { namesBesides } = await later("admission", () => import("./admission.ts"));
    await this.#acting.perform(() => {
      const { ledger } = this.#desk;
      const code = refusal(pseudonym, namesBesides(ledger, ledger.record.me));
      if (code !== null) throw new AppError(code);
      return { action: { action: "rename", target: null, pseudonym } };
    });
  }

  agree(): Promise<void> {
    return this.#acting.perform(() => {
      const { version } = this.#desk.ledger.state.rules;
      return { action: { action: "agree", target: null, version } };
    });
  }

  #do(action: Action): Promise<void> {
    return this.#acting.perform(() => ({ action }));
  }
}
