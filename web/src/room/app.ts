/** The app on this device: its account, its rooms, its requests to join, and the line they share. */
import { batch, signal } from "@preact/signals";
import { encode } from "uqr";
import { b64encode } from "../crypto/bytes.ts";
import { GroupCrypto } from "../crypto/group.ts";
import { generate } from "../crypto/hpke.ts";
import type { Card } from "../crypto/invites.ts";
import { Vault, VaultError } from "../crypto/vault.ts";
import { Api } from "../net/api.ts";
import { Socket } from "../net/socket.ts";
import type { ServerFrame } from "../net/wire.ts";
import { prepare } from "./acts.ts";
import { Suspicion } from "./checks.ts";
import { AppError, codeOf } from "./errors.ts";
import { uuidBytes, uuidv7 } from "./ids.ts";
import { cardView, enterGroup, joinKey, pendingView, prepareJoin, readCard, type Answer, type JoinRecord } from "./joining.ts";
import { Ledger } from "./ledger.ts";
import { ACCOUNT_KEY, accountView, login, loginAgain, register, registerDeviceOnly, type AccountRecord } from "./login.ts";
import { recordKey, type RoomRecord } from "./record.ts";
import { Room, draftKey, type Device } from "./room.ts";
import { takeTurn } from "./turn.ts";
import type {
  Account, App, Connection, Elsewhere, GroupSummary, InviteCard, PendingJoin, Role, RoomView, TimelineItem,
} from "./types.ts";

/** Lines of a conversation that are kept at hand. */
const AT_HAND = 2_000;
/** Milliseconds between tries of a device that logs in by itself. */
const LOGIN_AGAIN = 10_000;

export function createApp(): App {
  const app = new DeviceApp();
  void app.start();
  return app;
}

class DeviceApp implements App {
  readonly account = signal<Account | null | undefined>(undefined);
  readonly connection = signal<Connection>("connecting");
  readonly groups = signal<readonly GroupSummary[]>([]);
  readonly pending = signal<readonly PendingJoin[]>([]);
  readonly elsewhere = signal<readonly Elsewhere[]>([]);
  readonly trouble = signal<"storage_refused" | "old_browser" | null>(null);

  readonly #api = new Api();
  readonly #socket = new Socket(location.origin.replace(/^http/, "ws") + "/v1/socket", {
    opened: () => this.#opened(),
    received: (frame) => this.#received(frame),
    lost: () => this.#lost(),
    loggedOut: () => void this.#loggedOut(),
  });
  readonly #rooms = new Map<string, Room>();
  readonly #joins = new Map<string, JoinRecord>();
  readonly #cards = new Map<string, Card>();
  /** The groups in which the server counts this account as a member. */
  #memberships: readonly Elsewhere[] = [];
  #vault: Vault | null = null;
  #record: AccountRecord | null = null;

  async start(): Promise<void> {
    if (!(await isSupported())) {
      this.trouble.value = "old_browser";
      this.account.value = null;
      return;
    }
    try {
      this.#vault = await Vault.open();
      takeTurn({ taken: () => void this.#begin(), lost: () => void this.#yield() });
    } catch (error) {
      this.#failed(error);
    }
  }

  useHere(): Promise<void> {
    takeTurn({ taken: () => void this.#begin(), lost: () => void this.#yield() }, true);
    return Promise.resolve();
  }

  // The turn to write.

  async #begin(): Promise<void> {
    try {
      // The tab before may have erased the store and begun a new one.
      this.#vault?.close();
      this.#vault = await Vault.open();
      await this.#open.claim();
      this.#record = await this.#open.get<AccountRecord>(ACCOUNT_KEY);
      for (const join of await this.#open.all<JoinRecord>(joinKey(""))) this.#joins.set(join.request, join);
      for (const record of await this.#open.all<RoomRecord>(recordKey(""))) await this.#addRoom(record);
      this.connection.value = "connecting";
      this.#refresh();
      this.#connect();
    } catch (error) {
      this.#failed(error);
    }
  }

  async #yield(): Promise<void> {
    this.#stop();
    this.connection.value = "blocked";
    this.#record = await this.#open.get<AccountRecord>(ACCOUNT_KEY).catch(() => null);
    this.#refresh();
  }

  #stop(): void {
    this.#socket.stop();
    for (const room of this.#rooms.values()) room.close();
    this.#rooms.clear();
    this.#joins.clear();
  }

  get #open(): Vault {
    if (!this.#vault) throw new AppError("storage_refused");
    return this.#vault;
  }

  #failed(error: unknown): void {
    if (error instanceof VaultError && error.fenced) {
      void this.#yield();
      return;
    }
    this.#stop();
    this.trouble.value = "storage_refused";
    this.account.value ??= null;
  }

  async #keep(values: Record<string, unknown>): Promise<void> {
    try {
      await this.#open.write({ values });
    } catch (error) {
      this.#failed(error);
      throw new AppError(error instanceof VaultError && error.fenced ? "blocked" : "storage_refused", { cause: error });
    }
  }

  // Logins.

  async register(handle: string, passphrase: string): Promise<void> {
    await this.#welcome(await register(this.#api, location.origin, handle, passphrase));
  }

  async registerDeviceOnly(): Promise<void> {
    await this.#welcome(await registerDeviceOnly(this.#api));
  }

  async login(handle: string, passphrase: string): Promise<void> {
    const device = this.#record?.handle === handle ? this.#record.device : null;
    await this.#welcome(await login(this.#api, location.origin, handle, passphrase, device));
  }

  async #welcome(record: AccountRecord): Promise<void> {
    if (this.#record && this.#record.id !== record.id) await this.#forget();
    this.#record = record;
    await this.#keep({ [ACCOUNT_KEY]: record });
    navigator.storage.persist().catch(() => undefined);
    this.#refresh();
    this.#connect();
  }

  async logout(): Promise<void> {
    this.#stop();
    await this.#api.post("/logout").catch(() => undefined);
    await this.#forget();
    this.#refresh();
  }

  /** Every key and message on this device. */
  async #forget(): Promise<void> {
    this.#stop();
    this.#record = null;
    this.#memberships = [];
    this.connection.value = "connecting";
    await this.#open.erase();
    this.#vault = await Vault.open();
    await this.#open.claim();
  }

  async #loggedOut(): Promise<void> {
    this.#lost();
    const record = this.#record;
    if (!record || record.out) return;
    try {
      this.#record = (await loginAgain(this.#api, record)) ?? { ...record, out: true };
    } catch (error) {
      if (codeOf(error) === "wrong_login") this.#record = { ...record, out: true };
      else setTimeout(() => void this.#loggedOut(), LOGIN_AGAIN);
    }
    if (this.#record === record) return;
    await this.#keep({ [ACCOUNT_KEY]: this.#record }).catch(() => undefined);
    this.#refresh();
    this.#connect();
  }

  // The line.

  #connect(): void {
    if (this.#record && !this.#record.out) this.#socket.start();
  }

  #opened(): void {
    this.connection.value = "online";
    for (const room of this.#rooms.values()) this.#enter(room);
    for (const join of this.#joins.values()) void this.#follow(join).catch(() => undefined);
    void this.#countGroups().catch(() => undefined);
  }

  /** Which groups there are that this device knows nothing of: the server knows their number, not their names. */
  async #countGroups(): Promise<void> {
    const rows = await this.#api.list<{ id: string; role: Role; status: string }>("/groups");
    this.#memberships = rows.filter(({ status }) => status === "member").map(({ id, role }) => ({ group: id, role }));
    this.#refresh();
  }

  #enter(room: Room): void {
    // What fails here is tried again on the next line.
    room.enter().catch(() => undefined);
  }

  #lost(): void {
    if (this.connection.value !== "blocked") this.connection.value = "offline";
    for (const room of this.#rooms.values()) room.lost();
  }

  #received(frame: ServerFrame): void {
    if (frame.t === "waiting") {
      void this.#rooms.get(frame.group)?.refreshWaiting().catch(() => undefined);
    } else if (frame.t === "request") {
      const join = this.#joins.get(frame.id);
      if (join) void this.#follow(join).catch(() => undefined);
    } else {
      for (const room of this.#rooms.values()) {
        if (room.record.room === frame.room) room.receive(frame);
      }
    }
  }

  // Groups.

  async createGroup(options: {
    name: string;
    welcome: string;
    rules: string;
    pseudonym: string;
    presence: boolean;
  }): Promise<string> {
    if (!this.#socket.open) throw new AppError("offline");
    const [group, room] = [uuidv7(), uuidv7()];
    const [crypto, policyKey] = await Promise.all([GroupCrypto.create(uuidBytes(room)), generate()]);
    const record: RoomRecord = {
      group, room, crypto: crypto.serialise(), policyKey: policyKey.privateKey, me: b64encode(crypto.me.identity),
      state: null, head: 0, policySeq: 0, announced: null, ending: null, warnings: [], readUpTo: 0, lastText: null,
      lastTime: null, outbox: [], act: null, sinceUpdate: 0, promised: null,
    };
    const ledger = new Ledger(record);
    const key = b64encode(policyKey.publicKey);
    record.act = await prepare(ledger, { action: { action: "create", target: null, group, room, key, ...options } });
    await this.#keep(ledger.changes());
    const made = await this.#addRoom(record);
    try {
      const begun = made.begun();
      begun.catch(() => undefined);
      await made.enter();
      await begun;
    } catch (error) {
      this.#dropRoom(group);
      await this.#keep({ [recordKey(group)]: null });
      throw error;
    }
    return group;
  }

  room(groupId: string): RoomView | null {
    const room = this.#rooms.get(groupId);
    return room?.record.state ? room : null;
  }

  async #addRoom(record: RoomRecord): Promise<Room> {
    const vault = this.#open;
    const lines = await vault.lines<TimelineItem>(record.group, Infinity, AT_HAND);
    const draft = (await vault.get<string>(draftKey(record.group))) ?? "";
    const device: Device = {
      vault,
      api: this.#api,
      origin: location.origin,
      send: (frame) => this.#socket.send(frame),
      changed: () => this.#refresh(),
      failed: (error) => this.#failed(error),
    };
    // Someone who left and came back has an older one.
    this.#dropRoom(record.group);
    const room = new Room(device, record, lines, draft);
    this.#rooms.set(record.group, room);
    return room;
  }

  #dropRoom(group: string): void {
    this.#rooms.get(group)?.close();
    this.#rooms.delete(group);
  }

  // Joining.

  async readInvite(invite: string, secret: string): Promise<InviteCard> {
    const card = await readCard(this.#api, invite, secret);
    this.#cards.set(invite, card);
    return cardView(invite, card);
  }

  async askToJoin({ invite }: InviteCard, secret: string, pseudonym: string, note: string): Promise<void> {
    const card = this.#cards.get(invite) ?? (await readCard(this.#api, invite, secret));
    const join = await prepareJoin(invite, secret, card, pseudonym, note);
    // On disk before the server hears of it, on the screen once it has.
    await this.#keep({ [joinKey(join.request)]: join });
    try {
      await this.#ask(join);
    } catch (error) {
      await this.#dropJoin(join);
      throw error;
    }
    this.#joins.set(join.request, join);
    this.#refresh();
    // The answer may have come already.
    void this.#follow(join).catch(() => undefined);
  }

  /** As someone new or, where the account is in the group and this device has no keys of it, to come back. */
  async #ask({ invite, asked, card }: JoinRecord): Promise<void> {
    const room = this.#rooms.get(card.group)?.record;
    await this.#api.post(`/invites/${invite}/requests`, { ...asked, lost_keys: !room || room.ending !== null });
  }

  async withdraw(request: string): Promise<void> {
    const join = this.#joins.get(request);
    if (!join) return;
    if (join.status === "waiting") {
      await this.#api.delete(`/requests/${request}`).catch((error: unknown) => {
        if (codeOf(error) !== "request_unknown" && codeOf(error) !== "request_decided") throw error;
      });
    }
    const { group } = join.card;
    if (join.status === "admitted" && !this.#rooms.get(group)?.record.state) {
      this.#dropRoom(group);
      await this.#keep({ [recordKey(group)]: null });
    }
    await this.#dropJoin(join);
  }

  async #keepJoin(join: JoinRecord): Promise<void> {
    await this.#keep({ [joinKey(join.request)]: join });
    this.#joins.set(join.request, join);
    this.#refresh();
  }

  async #dropJoin(join: JoinRecord): Promise<void> {
    this.#joins.delete(join.request);
    await this.#keep({ [joinKey(join.request)]: null });
    this.#refresh();
  }

  /** Looks what became of a request, and enters when it was granted. */
  async #follow(join: JoinRecord): Promise<void> {
    if (join.status !== "waiting") return;
    let answer: Answer;
    try {
      answer = await this.#api.get<Answer>(`/requests/${join.request}`);
    } catch (error) {
      if (codeOf(error) === "request_unknown") await this.#askAgain(join);
      return;
    }
    if (answer.status === "waiting" && join.asked.expires > Date.now()) return;
    if (answer.status === "admitted") {
      await this.#admitted(join, answer);
      return;
    }
    join.status = answer.status === "declined" ? "declined" : "expired";
    await this.#keepJoin(join);
  }

  /** The page was closed before the server had heard of it. */
  async #askAgain(join: JoinRecord): Promise<void> {
    try {
      await this.#ask(join);
    } catch (error) {
      if (codeOf(error) === "offline") return;
      join.status = "expired";
      await this.#keepJoin(join);
    }
  }

  async #admitted(join: JoinRecord, answer: Answer): Promise<void> {
    try {
      const record = await enterGroup(join, answer);
      if (join.status !== "waiting") return;
      join.status = "admitted";
      await this.#keep({ [recordKey(record.group)]: record, [joinKey(join.request)]: join });
      this.#enter(await this.#addRoom(record));
    } catch (error) {
      if (!(error instanceof Suspicion)) throw error;
      join.status = "trouble";
      await this.#keepJoin(join);
    }
    this.#refresh();
  }

  // What the screens see.

  #refresh(): void {
    batch(() => {
      const record = this.#record?.out ? null : this.#record;
      if (!record || this.account.value?.id !== record.id) this.account.value = record && accountView(record);
      const entered = [...this.#rooms.values()].filter(({ record: { state } }) => state);
      this.groups.value = entered.map(summary).sort((a, b) => (b.lastTime ?? 0) - (a.lastTime ?? 0));
      this.pending.value = [...this.#joins.values()].map((join) => {
        const doubtful = join.status === "admitted" && this.#rooms.get(join.card.group)?.doubtful;
        return { ...pendingView(join), ...(doubtful && { status: "trouble" as const }) };
      });
      const known = new Set([...this.#rooms.keys(), ...[...this.#joins.values()].map(({ card }) => card.group)]);
      this.elsewhere.value = record ? this.#memberships.filter(({ group }) => !known.has(group)) : [];
    });
    for (const join of this.#joins.values()) {
      const room = this.#rooms.get(join.card.group)?.record;
      if (room?.state && room.me === b64encode(join.own.identity)) this.#dropJoin(join).catch(() => undefined);
    }
  }

  qr(text: string): readonly (readonly boolean[])[] {
    return encode(text, { border: 0 }).data;
  }
}

function summary(room: Room): GroupSummary {
  const { lastText, lastTime } = room.record;
  return {
    id: room.groupId,
    name: room.name.value,
    memberCount: room.members.value.length,
    unread: room.unread.value,
    lastText,
    lastTime,
    waiting: room.waiting.value.length,
    status: room.status.value,
  };
}

/** Whether the browser has what keeps a conversation private. */
async function isSupported(): Promise<boolean> {
  // Older types do not know that these can be missing.
  const { subtle } = globalThis.crypto as Partial<Crypto>;
  if (!subtle || !("indexedDB" in globalThis) || !("locks" in navigator)) return false;
  try {
    await subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    await subtle.generateKey("X25519", false, ["deriveBits"]);
    return true;
  } catch {
    return false;
  }
}
