/** The door of a group, from inside: who waits, a word to them, letting them in or not, and invites. */
import { signal } from "@preact/signals";
import { later } from "../net/later.ts";
import type { Acting } from "./acting.ts";
import type { Action } from "./actions.ts";
import type * as Admission from "./admission.ts";
import type { Applicant } from "./admission.ts";
import type { Desk } from "./desk.ts";
import type { DoorsView } from "./doorsView.ts";
import { AppError, codeOf } from "./errors.ts";
import type { Ledger } from "./ledger.ts";
import type * as Names from "./names.ts";
import { may } from "./roles.ts";
import { settle } from "./running.ts";
import { comesFreely } from "./waiting.ts";
import type { InviteSummary, WaitingPerson } from "./types.ts";

const DAY = 86_400_000;
const MINUTE = 60_000;
/** Why someone who waited is passed over: no longer there, answered by somebody else, or to be looked at alone. */
const PASSED: ReadonlySet<string> = new Set([
  "request_decided", "request_unknown", "request_expired", "invite_used_up", "invite_revoked", "announcement_mismatch",
  "pseudonym_reserved", "pseudonym_taken", "rank_too_low",
]);

function loadNames(): Promise<typeof Names> {
  return later("names", () => import("./names.ts"));
}

export class Doors implements DoorsView {
  readonly waiting = signal<readonly WaitingPerson[]>([]);
  readonly #desk: Desk<Ledger>;
  readonly #acting: Acting<Action>;
  #applicants: readonly Applicant[] = [];

  constructor(desk: Desk<Ledger>, acting: Acting<Action>) {
    this.#desk = desk;
    this.#acting = acting;
  }

  /** People ask to join, or no longer. */
  async refresh(): Promise<void> {
    const { state, me } = this.#desk.ledger.record;
    if (!state || !may(state.members[me]?.role ?? "guest", "admit")) return;
    const { readApplicants } = await admissionPart();
    this.#applicants = await readApplicants(this.#desk.device.api, this.#desk.ledger, loadNames);
    this.waiting.value = this.#applicants.map(
      ({ request, invite, pseudonym, note, since, genuine, unopened, replaces, visit, removed, muted, listening, comesAs, asStaff }) => ({
        request, invite, pseudonym, note, since, genuine, unopened, replaces, visit, removed, muted, listening, comesAs, asStaff,
      }),
    );
    this.#desk.device.changed();
  }

  async admit(request: string, listening: boolean): Promise<void> {
    await this.#admit(request, listening);
    await this.refresh();
  }

  async admitAll(): Promise<void> {
    await this.refresh();
    for (const { request, ...person } of this.waiting.value) {
      if (comesFreely(person)) await this.#passing(() => this.#admit(request, false));
    }
    await this.refresh();
  }

  async decline(request: string, text: string | null, final: boolean): Promise<void> {
    const { wordFor } = await admissionPart();
    const word = await wordFor(this.#applicant(request), this.#desk.ledger, text, true);
    await this.#desk.device.api.post(`${this.#path}/requests/${request}/decline`, { word, final });
    await this.refresh();
  }

  async turnAway(requests: readonly string[]): Promise<void> {
    await this.#desk.device.api.post(`${this.#path}/requests/decline`, { requests });
    await this.refresh();
  }

  async refused(): Promise<number> {
    return (await this.#desk.device.api.get<{ count: number }>(`${this.#path}/refusals`)).count;
  }

  async forgive(): Promise<void> {
    await this.#desk.device.api.delete(`${this.#path}/refusals`);
  }

  async tellAll(text: string): Promise<void> {
    await this.refresh();
    for (const applicant of this.#applicants) {
      const { wordFor } = await admissionPart();
      const word = await wordFor(applicant, this.#desk.ledger, text, false);
      if (word === null) continue;
      await this.#passing(() => this.#desk.device.api.post(`${this.#path}/requests/${applicant.request}/word`, { word }));
    }
  }

  createInvite({ uses, days }: { uses: number; days: number }): Promise<string> {
    return this.#invite(uses, this.#desk.ledger.now() + days * DAY, null);
  }

  inviteGuest(segment: string | null, minutes: number | null): Promise<string> {
    return this.#invite(1, this.#endOfSession(), { segment, minutes });
  }

  async invites(): Promise<readonly InviteSummary[]> {
    const { device, ledger } = this.#desk;
    const { listInvites } = await admissionPart();
    return listInvites(device.api, ledger, device.origin);
  }

  async revokeInvite(id: string): Promise<void> {
    await this.#desk.device.api.delete(`${this.#path}/invites/${id}`);
    await this.refresh();
  }

  get #path(): string {
    return `/groups/${this.#desk.ledger.record.group}`;
  }

  async #invite(uses: number, expires: number, guest: Parameters<typeof Admission.createInvite>[2]["guest"]): Promise<string> {
    const { device, ledger } = this.#desk;
    const { createInvite } = await admissionPart();
    const link = await createInvite(device.api, ledger, { uses, expires, guest }, device.origin);
    await this.#desk.keepWarnings();
    return link;
  }

  /** When the session that is on, or the next, is over; a day from now where there is none. */
  #endOfSession(): number {
    const { state, now } = this.#desk.ledger;
    const { session, times, ended } = settle(state, now()).live;
    if (session) return session.closes;
    const ends = Object.values(times)
      .flatMap(({ starts, minutes }) => starts.filter((start) => start > ended).map((start) => start + minutes * MINUTE))
      .filter((end) => end > now());
    return ends.length > 0 ? Math.min(...ends) : now() + DAY;
  }

  #applicant(request: string): Applicant {
    const applicant = this.#applicants.find((one) => one.request === request);
    if (!applicant) throw new AppError("request_unknown");
    return applicant;
  }

  async #admit(request: string, listening: boolean): Promise<void> {
    const { refusal } = await loadNames();
    const { admission } = await admissionPart();
    await this.#acting.perform(() => admission(this.#applicant(request), this.#desk.ledger, refusal, listening));
  }

  /** Goes on to the next where this one cannot be helped. */
  async #passing(step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (!PASSED.has(codeOf(error))) throw error;
    }
  }
}

/** What only those who admit need comes when it is needed. */
function admissionPart(): Promise<typeof Admission> {
  return later("admission", () => import("./admission.ts"));
}
