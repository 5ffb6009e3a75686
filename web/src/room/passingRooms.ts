/**
 * Capsules and breakouts of one group on this device: come into, and forgotten when they are over.
 *
 * Their keys and all that is said in them are in this page's memory alone; see docs/protocol.md, "Passing rooms".
 */
import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { OwnPackage } from "../crypto/group.ts";
import { b64encode } from "../crypto/bytes.ts";
import type { Api } from "../net/api.ts";
import type { Parties } from "../net/wire.ts";
import { AppError, codeOf } from "./errors.ts";
import type { FurtherRoom, Main } from "./furtherRoom.ts";
import { uuidv7 } from "./ids.ts";
import { type Live, settled } from "./live.ts";
import { announced, closing, hasPlace, isLate, type Passing } from "./passing.ts";
import { RANKS } from "./roles.ts";
import { freshPackage, type Sign } from "./pool.ts";
import type { FurtherView, Member } from "./types.ts";

/** Milliseconds after which who was not brought asks again, and how often before another room takes the place of one. */
const PATIENCE = 4_000;
const TRIES = 2;

/** A small room that the session has gone into. Where nobody was `sent`, whoever wants to may go there. */
export interface SmallRoom {
  readonly id: string;
  readonly title: string;
  readonly sent: readonly Member[];
  /** Whether this person was sent there, or anyone may go. */
  readonly mine: boolean;
  /** Whether they may look in, as who runs the session. */
  readonly visits: boolean;
  /** Whether this person was sent to none of them, as they came late or were away, and chooses one. */
  readonly late: boolean;
  readonly closes: number;
}

/** The passing rooms of a group as the screens see them. */
export interface PassingView {
  /** Whether a session is on. */
  readonly on: ReadonlySignal<boolean>;
  /** Whether it is held in a capsule. */
  readonly held: ReadonlySignal<boolean>;
  /** The capsule, once this person is in it. */
  readonly capsule: ReadonlySignal<FurtherView | null>;
  readonly small: ReadonlySignal<readonly SmallRoom[]>;
  /** The small rooms in which this person is. */
  readonly entered: ReadonlySignal<readonly FurtherView[]>;
  /** Holds the session in a capsule from now on. */
  keepNothing(): Promise<void>;
  /** Goes into small rooms, each of a title and for these members; without any, for whoever comes. */
  breakOut(rooms: readonly { readonly title: string; readonly members: readonly string[] }[], minutes: number): Promise<void>;
  callBack(): Promise<void>;
  /** Goes into a small room; gives its id, which may be another by then. */
  enter(id: string): Promise<string>;
}

/** What these need of the further rooms among which they live. */
export interface Host {
  get(room: string): FurtherRoom | undefined;
  make(purpose: Passing, room: string): Promise<unknown>;
  /** Come in by this, once somebody brings it. */
  expect(room: string, own: OwnPackage): void;
  /** Lets go of all passing rooms but these, and of those that the server has put this device out of. */
  forget(but: ReadonlySet<string>): void;
}

export class PassingRooms implements PassingView {
  readonly held = signal(false);
  readonly capsule = signal<FurtherView | null>(null);
  readonly small = signal<readonly SmallRoom[]>([]);
  readonly entered = signal<readonly FurtherView[]>([]);

  readonly on = signal(false);

  readonly #main: Main;
  readonly #api: Api;
  readonly #host: Host;
  readonly #sign: Sign;
  readonly #coming = new Map<string, Promise<FurtherRoom>>();
  readonly #renewed = new Map<string, string>();
  #before: ReadonlyMap<string, Passing> = new Map();
  #waiting: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(main: Main, api: Api, host: Host, sign: Sign) {
    this.#main = main;
    this.#api = api;
    this.#host = host;
    this.#sign = sign;
  }

  keepNothing(): Promise<void> {
    return this.#main.act({ action: "capsule", target: null, into: uuidv7() });
  }

  breakOut(rooms: readonly { readonly title: string; readonly members: readonly string[] }[], minutes: number): Promise<void> {
    // Everywhere they stand in the order of their ids.
    const now = this.#main.now();
    const made = rooms.map((room, at) => ({ id: uuidv7(now + at), ...room }));
    const sent: Parties = Object.fromEntries(made.map(({ id, members }) => [id, members]));
    const titles = Object.fromEntries(made.map(({ id, title }) => [id, title]));
    return this.#main.act({ action: "break_out", target: null, rooms: sent, minutes, titles });
  }

  callBack(): Promise<void> {
    return this.#main.act({ action: "call_back", target: null });
  }

  async enter(id: string): Promise<string> {
    return (await this.#comeIn(id)).room;
  }

  /** Main was read further, or time went on: what is over is forgotten, a capsule come into. */
  look(live: boolean): void {
    if (this.#closed) return;
    const now = this.#now();
    const there = now ? announced(now) : new Map<string, Passing>();
    this.#host.forget(new Set(there.keys()));
    this.#followRenewals(there);
    const capsule = now?.session?.capsule ?? null;
    if (capsule !== null && live && !this.#known(capsule)) this.#comeIn(capsule).catch(() => undefined);
    this.#show(now, capsule);
    clearTimeout(this.#timer);
    const ends = now ? [...there.keys()].map((room) => closing(now, room) ?? Infinity) : [];
    const left = Math.min(...ends.map((end) => end - this.#main.now()), this.#main.sessionLeft());
    if (ends.length > 0) this.#timer = setTimeout(() => this.#main.lookAgain(), left + 50);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** A room was brought to, or changed. */
  changed(): void {
    const now = this.#now();
    this.#show(now, now?.session?.capsule ?? null);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#host.forget(new Set());
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #show(now: Live | null, capsule: string | null): void {
    const me = this.#main.members.value.find((member) => member.me);
    const rooms = now?.breakouts && me ? Object.entries(now.breakouts.rooms).sort(([a], [b]) => (a < b ? -1 : 1)) : [];
    batch(() => {
      this.on.value = Boolean(now?.session);
      this.held.value = capsule !== null;
      this.capsule.value = capsule === null ? null : (this.#known(capsule) ?? null);
      this.entered.value = rooms.flatMap(([id]) => this.#known(id) ?? []);
      this.small.value = rooms.map(([id, sent]) => ({
        id,
        title: this.#main.record.state?.themes[id] ?? "",
        sent: this.#main.members.value.filter((member) => sent.includes(member.id)),
        mine: sent.length === 0 || sent.includes(me?.id ?? ""),
        visits: now !== null && me !== undefined && hasPlace(now, id, me.id, me.role),
        late: now !== null && me !== undefined && RANKS[me.role] < RANKS.facilitator && isLate(now, me.id),
        closes: (now && closing(now, id)) ?? 0,
      }));
    });
  }

  #now(): Live | null {
    const { state, ending } = this.#main.record;
    return state && !ending ? settled(state.live, state.floor, this.#main.sessionTime())[0] : null;
  }

  /** The room, once this device is in it and knows who else is. */
  #known(id: string): FurtherRoom | undefined {
    const room = this.#host.get(id);
    return room?.open ? room : undefined;
  }

  #comeIn(given: string): Promise<FurtherRoom> {
    const id = this.#newest(given);
    let coming = this.#coming.get(id);
    if (!coming) {
      coming = this.#come(id).finally(() => this.#coming.delete(id));
      this.#coming.set(id, coming);
    }
    return coming;
  }

  async #come(id: string): Promise<FurtherRoom> {
    for (let tries = 0; ; ) {
      const room = this.#known(id);
      if (room) return room;
      const now = this.#now();
      const kind = now && announced(now).get(id);
      if (this.#closed || !now || !kind) {
        if (!this.#closed && this.#newest(id) !== id) return this.#comeIn(id);
        throw new AppError("unknown_room");
      }
      const { me, state } = this.#main.record;
      if (!hasPlace(now, id, me, state?.members[me]?.role ?? "guest")) throw new AppError("does_not_belong");
      if (!(await this.#ask(id))) {
        // Of two who make it, one is told so, and asks again.
        await this.#host.make(kind, id).catch((error: unknown) => {
          if (codeOf(error) !== "group_exists") throw error;
        });
        continue;
      }
      if (!(await this.#until(() => this.#known(id) !== undefined || !this.#before.has(id)))) tries += 1;
      if (tries === TRIES) {
        tries = 0;
        // Somebody is there after all, or was faster.
        await this.#main.act({ action: "renew_room", target: null, old: id, into: uuidv7() }).catch(() => undefined);
      }
    }
  }

  /** Asks to be brought; false where nobody has made the room. */
  async #ask(id: string): Promise<boolean> {
    const { own, endorsement } = await freshPackage(this.#sign, this.#main.record.group, this.#main.now());
    this.#host.expect(id, own);
    const path = `/groups/${this.#main.record.group}/rooms/${id}/ask`;
    const { made } = await this.#api.post<{ made: boolean }>(path, { package: b64encode(own.message), endorsement });
    return made;
  }

  /** Whether it was so in time. */
  async #until(ready: () => boolean): Promise<boolean> {
    const end = performance.now() + PATIENCE;
    while (!this.#closed && !ready()) {
      const left = end - performance.now();
      if (left <= 0) return false;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        setTimeout(resolve, left);
      });
    }
    return true;
  }

  #newest(id: string): string {
    const next = this.#renewed.get(id);
    return next === undefined ? id : this.#newest(next);
  }

  /** One room at a time takes another's place, and each line of main is looked at. */
  #followRenewals(there: ReadonlyMap<string, Passing>): void {
    const gone = [...this.#before.keys()].filter((id) => !there.has(id));
    const come = [...there.keys()].filter((id) => !this.#before.has(id));
    const [old, into] = [gone[0], come[0]];
    if (gone.length === 1 && come.length === 1 && old !== undefined && into !== undefined) this.#renewed.set(old, into);
    this.#before = there;
  }
}
