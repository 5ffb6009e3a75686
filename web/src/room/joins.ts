/** This person's requests to join, from the invite that was read to the group that is entered. */
import type { Card } from "../crypto/invites.ts";
import { later } from "../net/later.ts";
import { Suspicion } from "./checks.ts";
import { AppError, codeOf, passes } from "./errors.ts";
import type { Home } from "./home.ts";
import { readCode } from "./inviteLinks.ts";
import { cardView, enterGroup, heardAtTheDoor, joinKey, prepareJoin, readCard, type Answer, type JoinRecord } from "./joining.ts";
import { recordKey } from "./record.ts";
import type { Rooms } from "./rooms.ts";
import type { InviteCard } from "./types.ts";

/** Milliseconds between two looks at a door that is locked. */
const LOOK_AGAIN = 30_000;

export class Joins {
  readonly #home: Home;
  readonly #rooms: Rooms;
  readonly #joins = new Map<string, JoinRecord>();
  readonly #cards = new Map<string, Card>();
  #looking: ReturnType<typeof setTimeout> | undefined;

  constructor(home: Home, rooms: Rooms) {
    this.#home = home;
    this.#rooms = rooms;
  }

  get all(): readonly JoinRecord[] {
    return [...this.#joins.values()];
  }

  /** Takes up what an earlier visit kept. */
  async load(): Promise<void> {
    for (const join of await this.#home.vault.all<JoinRecord>(joinKey(""))) this.#joins.set(join.request, join);
  }

  clear(): void {
    this.#joins.clear();
    clearTimeout(this.#looking);
  }

  async readInvite(code: string): Promise<InviteCard> {
    const link = readCode(code);
    const card = await readCard(this.#home.api, link);
    this.#cards.set(code, card);
    return cardView(link.invite, card);
  }

  async ask(code: string, pseudonym: string, note: string): Promise<void> {
    const { isReserved } = await later("names", () => import("./names.ts"));
    if (isReserved(pseudonym)) throw new AppError("pseudonym_reserved");
    const link = readCode(code);
    const card = this.#cards.get(code) ?? (await readCard(this.#home.api, link));
    const join = await prepareJoin(link, card, pseudonym, note, this.#home.api.clock.now());
    // On disk before the server hears of it, on the screen once it has.
    await this.#home.keep({ [joinKey(join.request)]: join });
    try {
      await this.#post(join);
    } catch (error) {
      await this.drop(join);
      throw error;
    }
    join.known = true;
    await this.#keep(join);
    // The answer may have come already.
    this.follow(join);
  }

  async withdraw(request: string): Promise<void> {
    const join = this.#joins.get(request);
    if (!join) return;
    if (join.status === "waiting") {
      await this.#home.api.delete(`/requests/${request}`).catch((error: unknown) => {
        if (codeOf(error) !== "request_unknown" && codeOf(error) !== "request_decided") throw error;
      });
    }
    const { group } = join.card;
    if (join.status === "admitted" && !this.#rooms.get(group)?.record.state) {
      this.#rooms.drop(group);
      await this.#home.keep({ [recordKey(group)]: null });
    }
    await this.drop(join);
  }

  /** Looks what became of every request. */
  followAll(): void {
    for (const join of this.#joins.values()) this.follow(join);
  }

  /** The server has something new about a request. */
  heard(request: string): void {
    const join = this.#joins.get(request);
    if (join) this.follow(join);
  }

  follow(join: JoinRecord): void {
    // What fails here is tried again on the next line.
    void this.#follow(join).catch(() => undefined);
  }

  async drop(join: JoinRecord): Promise<void> {
    this.#joins.delete(join.request);
    await this.#home.keep({ [joinKey(join.request)]: null });
    this.#home.refresh();
  }

  /** As someone new or, where the account is in the group and this device has no keys of it, to come back. */
  async #post({ invite, asked, card }: JoinRecord): Promise<void> {
    const room = this.#rooms.get(card.group)?.record;
    await this.#home.api.post(`/invites/${invite}/requests`, { ...asked, lost_keys: !room || room.ending !== null });
  }

  async #keep(join: JoinRecord): Promise<void> {
    this.#joins.set(join.request, join);
    await this.#home.keep({ [joinKey(join.request)]: join });
    this.#home.refresh();
  }

  /** Looks what became of a request, and enters when it was granted. */
  async #follow(join: JoinRecord): Promise<void> {
    if (join.status !== "waiting") return;
    let answer: Answer;
    try {
      answer = await this.#home.api.get<Answer>(`/requests/${join.request}`);
    } catch (error) {
      if (codeOf(error) === "request_unknown") await this.#unknown(join);
      return;
    }
    join.known = true;
    const word = await heardAtTheDoor(join, answer);
    const news = answer.locked !== join.locked || answer.seen !== join.seen || word?.text !== join.word?.text;
    Object.assign(join, { word, locked: answer.locked, seen: answer.seen, ended: answer.ended });
    if (answer.status === "waiting" && join.asked.expires > this.#home.api.clock.now()) {
      // It may have been withdrawn meanwhile.
      if (news && this.#joins.has(join.request)) await this.#keep(join);
      // Nobody says when a session that had the door locked ends by itself.
      if (answer.locked) this.#lookAgain(join);
      return;
    }
    if (answer.status === "admitted") {
      await this.#admitted(join, answer);
      return;
    }
    // That nobody waits any more, and why, is the server's word; that somebody said no is theirs who did.
    if (answer.status === "declined") join.status = word?.declined ? "declined" : "closed";
    else join.status = answer.status === "ended" ? "ended" : "expired";
    await this.#keep(join);
  }

  #lookAgain({ request }: JoinRecord): void {
    clearTimeout(this.#looking);
    this.#looking = setTimeout(() => this.heard(request), LOOK_AGAIN);
  }

  /** The server never heard of it, as the page was closed before; or it ended, and is kept no longer. */
  async #unknown(join: JoinRecord): Promise<void> {
    try {
      if (join.known) throw new AppError("request_unknown");
      await this.#post(join);
      join.known = true;
    } catch (error) {
      if (passes(error)) return;
      join.status = "expired";
    }
    await this.#keep(join);
  }

  async #admitted(join: JoinRecord, answer: Answer): Promise<void> {
    try {
      const record = await enterGroup(join, answer);
      if (join.status !== "waiting") return;
      join.status = "admitted";
      await this.#home.keep({ [recordKey(record.group)]: record, [joinKey(join.request)]: join });
      this.#rooms.enter(await this.#rooms.add(record));
    } catch (error) {
      if (!(error instanceof Suspicion)) throw error;
      join.status = "trouble";
      await this.#keep(join);
    }
    this.#home.refresh();
  }
}
