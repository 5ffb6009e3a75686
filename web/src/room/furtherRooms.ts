/** The further rooms of one group on this device: entered once main is caught up, made, and come into by a Welcome. */
import { signal } from "@preact/signals";
import { b64decode, b64encode, equalBytes } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { GroupCrypto, type OwnPackage } from "../crypto/group.ts";
import { readWelcome } from "../crypto/handshake.ts";
import type { ServerFrame } from "../net/wire.ts";
import { Calling } from "./calling.ts";
import type { Device, Kept } from "./desk.ts";
import { AppError } from "./errors.ts";
import { FurtherLedger } from "./furtherLedger.ts";
import { furtherKey, type FurtherRecord, newFurtherRecord } from "./furtherRecord.ts";
import { furtherDraftKey, FurtherRoom, isUnreachable, type Main } from "./furtherRoom.ts";
import { isPassing, type Purpose } from "./furtherState.ts";
import { History } from "./history.ts";
import type { Home } from "./home.ts";
import { uuidBytes, uuidv7 } from "./ids.ts";
import { NOWHERE } from "./nowhere.ts";
import { PassingRooms } from "./passingRooms.ts";
import { endorse, Pool, type Sign } from "./pool.ts";
import { isServersWord } from "./record.ts";
import { RANKS, STAFF } from "./roles.ts";
import type { FurtherView, Member } from "./types.ts";

interface WaitingWelcome {
  readonly group: string;
  readonly room: string;
  readonly seq: number;
  readonly welcome: string;
  readonly tree: string;
}

export class FurtherRooms {
  /** Those this person is in, the newest first. */
  readonly shown = signal<readonly FurtherView[]>([]);

  readonly #home: Home;
  readonly #device: Device;
  readonly #main: Main;
  readonly #group: string;
  readonly #sign: Sign;
  readonly #pool: Pool;
  readonly #rooms = new Map<string, FurtherRoom>();
  #entered = false;
  #closed = false;
  #policySeq = -1;
  #fetching: Promise<void> = Promise.resolve();
  readonly #calling: Calling;
  /** Passing rooms that this device asked to come into, and with what. */
  readonly #expected = new Map<string, OwnPackage[]>();
  readonly passing: PassingRooms;

  constructor(home: Home, device: Device, main: Main, sign: Sign) {
    this.#home = home;
    this.#device = device;
    this.#main = main;
    this.#group = main.record.group;
    this.#sign = sign;
    this.#pool = new Pool(home, this.#group, sign);
    this.passing = new PassingRooms(main, home.api, {
      get: (room) => this.#rooms.get(room),
      make: (purpose, room) => this.#open(purpose, null, room),
      expect: (room, own) => this.#expected.set(room, [...(this.#expected.get(room) ?? []), own]),
      forget: (but) => this.#forget(but),
    }, sign);
    this.#calling = new Calling(main, {
      own: () => this.#own(),
      open: () => this.#open("aside", main.record.me),
      staffOutside: (room) => this.#staffOutside(room),
    });
  }

  /** Takes up what an earlier visit kept. */
  async load(): Promise<void> {
    for (const record of await this.#home.vault.all<FurtherRecord>(furtherKey(this.#group))) {
      // Of an earlier membership: its keys are over.
      if (record.me === this.#main.record.me) await this.#add(record);
      else await this.#home.keep({ [furtherKey(this.#group, record.room)]: null });
    }
    this.#show();
  }

  /** What this device keeps of one of them. */
  kept(room: string): Kept | null {
    return this.#rooms.get(room)?.kept ?? null;
  }

  lost(): void {
    this.#entered = false;
    for (const room of this.#rooms.values()) room.lost();
  }

  /** Resolves once nothing is on its way for which one has to be a member. */
  settled(): Promise<void> {
    return this.#pool.settled();
  }

  close(): void {
    this.#closed = true;
    this.passing.close();
    this.#pool.end();
    this.#calling.close();
    for (const room of this.#rooms.values()) room.close();
    this.#rooms.clear();
  }

  receive(frame: Extract<ServerFrame, { room?: string | null }>): void {
    if (frame.t === "welcome") this.fetch();
    else if (frame.room) this.#rooms.get(frame.room)?.receive(frame);
  }

  /** Main was read further; `live` once all of it was read. */
  mainChanged(live: boolean): void {
    if (this.#closed) return;
    const { policySeq, ending } = this.#main.record;
    if (ending) this.#entered = false;
    if (ending && !isServersWord(ending)) this.#pool.end();
    if (live && !this.#entered && !ending) {
      this.#entered = true;
      // What fails here is tried again on the next line.
      for (const room of this.#rooms.values()) room.enter().catch(() => undefined);
      void this.#pool.fill().catch(() => undefined);
      this.fetch();
    }
    if (policySeq !== this.#policySeq || ending) {
      this.#policySeq = policySeq;
      for (const room of this.#rooms.values()) room.mainChanged();
      this.#show();
    }
    // A hand, or the time, changes what binds there.
    else for (const room of this.#rooms.values()) if (room.record.passing) room.mainChanged();
    this.passing.look(this.#entered && !ending);
    if (this.#entered) this.#calling.goOn();
  }

  /** An act in main was taken back, by which this device may have been put out of these. */
  lookAgain(): void {
    for (const room of this.#rooms.values()) if (room.turnedAway) room.enter().catch(() => undefined);
  }

  /** Looks which Welcomes wait for this device. */
  fetch(): void {
    this.#fetching = this.#fetching.then(() => this.#fetch()).catch(() => undefined);
  }

  async #fetch(): Promise<void> {
    const waiting = await this.#home.api.list<WaitingWelcome>("/welcomes");
    for (const welcome of waiting.filter(({ group }) => group === this.#group)) {
      await this.#comeIn(welcome);
      await this.#home.api.delete(`/welcomes/${welcome.room}`);
    }
    await this.#pool.fill();
  }

  /** Only into the group that the Welcome opens; whether it is what it is said to be, the first line tells. */
  async #comeIn({ room, seq, welcome, tree }: WaitingWelcome): Promise<void> {
    // Who is out may be brought again.
    if (this.#closed || this.#rooms.get(room)?.record.ending === null) return;
    try {
      const ref = readWelcome(b64decode(welcome));
      const expected = this.#expected.get(room);
      this.#expected.delete(room);
      const found = expected ? among(expected, ref) : await this.#pool.find(b64encode(ref));
      // Of an earlier time of this device, whose keys are gone.
      if (!found) return;
      const group = await GroupCrypto.join(b64decode(welcome), b64decode(tree), found.own);
      if (!equalBytes(group.groupId, uuidBytes(room))) throw new CryptoError("another group");
      const record = newFurtherRecord({
        group: this.#group, room, crypto: group.serialise(), me: this.#main.record.me, head: seq, sinceUpdate: null, brought: true,
        passing: expected !== undefined,
        made: null, before: { seq, mine: false, applied: true, crypto: null, state: null, sinceUpdate: null, renewed: 0 },
      });
      record.policySeq = seq - 1;
      this.#rooms.get(room)?.close();
      if (!record.passing) await this.#home.keep({ [furtherKey(this.#group, room)]: record, ...found.spent });
      const added = await this.#add(record);
      if (this.#entered) await added.enter();
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
      this.#main.warn("room_refused");
    }
  }

  /** Makes a room with this person in it; a passing one has the id that main announced. Throws AppError. */
  async #open(purpose: Purpose, about: string | null, room: string = uuidv7()): Promise<FurtherRoom> {
    if (!this.#entered) throw new AppError("offline");
    const now = (): number => this.#home.api.clock.now();
    const crypto = await GroupCrypto.create(uuidBytes(room), now());
    const endorsement = await endorse(this.#sign, this.#group, crypto.me);
    const record = newFurtherRecord({
      group: this.#group, room, crypto: crypto.serialise(), me: this.#main.record.me, head: 0, sinceUpdate: 0, brought: false,
      passing: isPassing(purpose), made: { purpose, about, endorsement },
    });
    const ledger = new FurtherLedger(record, this.#main.record, { line: () => Promise.resolve(null) }, now);
    record.act = await ledger.prepare({
      action: {
        action: "open", target: about, group: this.#group, room, purpose, leaf: b64encode(crypto.me.identity), endorsement,
      },
    });
    if (!record.passing) await this.#home.keep(ledger.changes());
    const made = await this.#add(record);
    try {
      const begun = made.begun();
      begun.catch(() => undefined);
      await made.enter();
      await begun;
    } catch (error) {
      await this.#drop(room);
      throw error;
    }
    return made;
  }

  /** Makes the staff room. */
  async openStaff(): Promise<string> {
    return (await this.#open("staff", null)).room;
  }

  /**
   * Makes a room for a few words between a member and staff, and brings them in: the member, or the one of staff, and one
   * more of the staff if any can be reached. Throws AppError `key_package_exhausted` where `member` cannot be reached.
   */
  async aside(member: string): Promise<string> {
    const people = this.#main.members.value;
    const me = people.find((one) => one.me);
    if (!me || member === me.id) throw new AppError("unknown_member");
    const room = await this.#open("aside", STAFF.includes(me.role) ? member : me.id);
    try {
      await room.bring(member);
    } catch (error) {
      await room.leave().catch(() => undefined);
      throw error;
    }
    await this.#bringOneMore(room);
    return room.room;
  }

  /** They need no help, or no more. */
  sayOk(): Promise<void> {
    return this.#calling.takeBack();
  }

  /** This person's own aside. */
  #own(): FurtherRoom | undefined {
    const own = this.shown.value.find(({ about }) => about.value?.me);
    return own && this.#rooms.get(own.room);
  }

  /** The staff who are not in a room, first of all who is here. */
  #staffOutside(room: FurtherRoom): readonly Member[] {
    const inside = new Set(room.members.value.map(({ id }) => id));
    const staff = this.#main.members.value.filter(({ id, role, me }) => STAFF.includes(role) && !me && !inside.has(id));
    return staff.sort((a, b) => Number(b.here === true) - Number(a.here === true) || RANKS[a.role] - RANKS[b.role]);
  }

  async #bringOneMore(room: FurtherRoom): Promise<void> {
    for (const one of this.#staffOutside(room)) {
      try {
        await room.bring(one.id);
        return;
      } catch (error) {
        if (!isUnreachable(error)) return;
      }
    }
  }

  async #add(record: FurtherRecord): Promise<FurtherRoom> {
    const device = record.passing ? { ...this.#device, vault: NOWHERE } : this.#device;
    const history = await History.open(device.vault, record.room, record);
    const draft = record.passing ? null : await this.#home.vault.get<string>(furtherDraftKey(record.room));
    const room = new FurtherRoom(device, this.#main, record, history, draft ?? "", () => this.#changed(record.room));
    this.#rooms.set(record.room, room);
    return room;
  }

  #changed(id: string): void {
    const room = this.#rooms.get(id);
    if (room?.refused) {
      const forged = room.record.warnings.length > 0;
      this.#drop(id).catch(() => undefined);
      if (forged) this.#main.warn("room_refused");
    }
    this.#show();
    if (room?.record.passing) this.passing.changed();
    if (this.#entered) this.#calling.goOn();
  }

  #forget(but: ReadonlySet<string>): void {
    for (const [id, room] of this.#rooms) {
      if (!room.record.passing || (but.has(id) && room.record.ending === null)) continue;
      this.#rooms.delete(id);
      room.forget();
    }
    for (const id of this.#expected.keys()) if (!but.has(id)) this.#expected.delete(id);
  }

  async #drop(id: string): Promise<void> {
    const room = this.#rooms.get(id);
    this.#rooms.delete(id);
    if (room?.record.passing) {
      room.forget();
      return;
    }
    room?.close();
    await this.#home.keep({ [furtherKey(this.#group, id)]: null });
  }

  #show(): void {
    const open = [...this.#rooms.values()].filter((room) => room.open && !room.record.passing);
    this.shown.value = open.sort((a, b) => (a.room < b.room ? 1 : -1));
    this.#home.refresh();
  }
}

/** Which of these KeyPackages has this reference; nothing of it was ever kept. */
function among(expected: readonly OwnPackage[], ref: Uint8Array): { own: OwnPackage; spent: Record<string, null> } | null {
  const own = expected.find((one) => equalBytes(one.ref, ref));
  return own ? { own, spent: {} } : null;
}
