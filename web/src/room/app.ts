/** The app on this device: its account, its rooms, its requests to join, and the line they share. */
import { batch, signal } from "@preact/signals";
import { b64encode } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { typedHandle } from "../crypto/login.ts";
import { leaveStores } from "../crypto/openStores.ts";
import { Vault, VaultError } from "../crypto/vault.ts";
import { Api } from "../net/api.ts";
import { Socket } from "../net/socket.ts";
import type { PongFrame, ServerFrame } from "../net/wire.ts";
import { keepsLogins, keepStored } from "../platform.ts";
import type { NewGroup } from "./creating.ts";
import { isAsking } from "./help.ts";
import { AppError, codeOf } from "./errors.ts";
import type { Home } from "./home.ts";
import { pendingView } from "./joining.ts";
import { Joins } from "./joins.ts";
import { openDeeds, sealDeeds } from "./kept.ts";
import { ACCOUNT_KEY, accountView, login, loginAgain, register, registerDeviceOnly, type AccountRecord } from "./login.ts";
import type { Room } from "./room.ts";
import { isBlocked } from "./shown.ts";
import { isShielded, SHIELD_KEY } from "./shield.ts";
import { Rooms } from "./rooms.ts";
import { isSupported } from "./supported.ts";
import { Unsent } from "./unsent.ts";
import { takeTurn, type Turn } from "./turn.ts";
import type { Account, App, Connection, Deed, Elsewhere, GroupSummary, InviteCard, PendingJoin, Role, RoomView, Trouble } from "./types.ts";

/** Milliseconds between two looks at what one waits for, while there is no line. */
const POLL = 8_000;
/** So many lines that break in a row, while the server answers otherwise, are no accident. */
const CUT_OFF = 3;
/** Milliseconds between tries of a device that logs in by itself. */
const LOGIN_AGAIN = 10_000;

export function createApp(): App {
  const app = new DeviceApp();
  void app.start();
  return app;
}

class DeviceApp implements App, Home {
  readonly account = signal<Account | null | undefined>(undefined);
  readonly connection = signal<Connection>("connecting");
  readonly groups = signal<readonly GroupSummary[]>([]);
  readonly pending = signal<readonly PendingJoin[]>([]);
  readonly elsewhere = signal<readonly Elsewhere[]>([]);
  readonly trouble = signal<Trouble | null>(null);
  readonly shield = signal<readonly string[]>([]);

  readonly api = new Api();
  readonly socket = new Socket(location.origin.replace(/^http/, "ws") + "/v1/socket", {
    opened: () => this.#opened(),
    received: (frame) => this.#received(frame),
    lost: () => this.#lost(),
    loggedOut: () => void this.#loggedOut(),
  });
  readonly clockWrongBy = this.api.clock.wrongBy;
  readonly unsent = new Unsent(this);
  readonly #rooms = new Rooms(this);
  readonly #joins = new Joins(this, this.#rooms);
  readonly #turn: Turn = {
    taken: () => void this.#begin(),
    lost: () => void this.#yield(),
    refused: (error) => this.failed(error),
  };
  /** Lines that broke since one was open. */
  #losses = 0;
  #polling: ReturnType<typeof setTimeout> | undefined;
  /** The groups in which the server counts this account as a member. */
  #memberships: readonly Elsewhere[] = [];
  #vault: Vault | null = null;
  #record: AccountRecord | null = null;

  async start(): Promise<void> {
    const missing = keepsLogins() ? ((await isSupported()) ? null : "old_browser") : "cookies_refused";
    if (missing !== null) {
      this.trouble.value = missing;
      this.account.value = null;
      return;
    }
    try {
      this.#vault = await Vault.open();
      addEventListener("pagehide", leaveStores);
      // A phone may end a page that is out of sight, and what is begun as a page goes is not written any more.
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "hidden") this.unsent.flush();
      });
      takeTurn(this.#turn);
    } catch (error) {
      this.failed(error);
    }
  }

  now(): number {
    return this.api.clock.now();
  }

  useHere(): Promise<void> {
    takeTurn(this.#turn, true);
    return Promise.resolve();
  }

  async beginAnew(): Promise<void> {
    this.#stop();
    this.#vault?.close();
    await Vault.destroy();
    location.reload();
  }

  // The turn to write.

  async #begin(): Promise<void> {
    try {
      // The tab before may have erased the store and begun a new one.
      this.#vault?.close();
      this.#vault = await Vault.open();
      await this.vault.claim();
      this.#record = await this.vault.get<AccountRecord>(ACCOUNT_KEY);
      this.shield.value = (await this.vault.get<string[]>(SHIELD_KEY)) ?? [];
      await this.unsent.load();
      await this.#joins.load();
      await this.#rooms.load();
      this.connection.value = "connecting";
      this.refresh();
      this.#connect();
    } catch (error) {
      this.failed(error);
    }
  }

  async #yield(): Promise<void> {
    this.#stop();
    this.connection.value = "blocked";
    this.#record = await this.vault.get<AccountRecord>(ACCOUNT_KEY).catch(() => null);
    this.refresh();
  }

  #stop(): void {
    clearTimeout(this.#polling);
    this.unsent.flush();
    this.socket.stop();
    this.#rooms.close();
    this.#joins.clear();
  }

  get vault(): Vault {
    if (!this.#vault) throw new AppError("storage_refused");
    return this.#vault;
  }

  failed(error: unknown): void {
    if (error instanceof VaultError && error.fenced) {
      void this.#yield();
      return;
    }
    this.#stop();
    // What is there cannot be opened: the key is gone, or another.
    this.trouble.value = error instanceof CryptoError ? "storage_damaged" : "storage_refused";
    this.account.value ??= null;
  }

  async keep(values: Record<string, unknown>): Promise<void> {
    try {
      await this.vault.write({ values });
    } catch (error) {
      this.failed(error);
      throw new AppError(error instanceof VaultError && error.fenced ? "blocked" : "storage_refused", { cause: error });
    }
  }

  // Logins.

  async register(handle: string, passphrase: string): Promise<void> {
    await this.#welcome(await register(this.api, location.origin, typedHandle(handle), passphrase));
  }

  async registerDeviceOnly(): Promise<void> {
    await this.#welcome(await registerDeviceOnly(this.api));
  }

  async login(typed: string, passphrase: string): Promise<void> {
    const handle = typedHandle(typed);
    const device = this.#record?.handle === handle ? this.#record.device : null;
    await this.#welcome(await login(this.api, location.origin, handle, passphrase, device));
  }

  async #welcome(record: AccountRecord): Promise<void> {
    if (this.#record && this.#record.id !== record.id) await this.#forget();
    this.#record = record;
    await this.keep({ [ACCOUNT_KEY]: record });
    void keepStored();
    this.refresh();
    this.#connect();
  }

  async logout(): Promise<void> {
    this.#stop();
    await this.api.post("/logout").catch(() => undefined);
    await this.#forget();
    this.refresh();
  }

  /** Every key and message on this device. */
  async #forget(): Promise<void> {
    this.#stop();
    this.#record = null;
    this.#memberships = [];
    this.shield.value = [];
    this.unsent.forget();
    this.connection.value = "connecting";
    await this.vault.erase();
    this.#vault = await Vault.open();
    await this.vault.claim();
  }

  async #loggedOut(): Promise<void> {
    this.#lost();
    const record = this.#record;
    if (!record || record.out) return;
    try {
      this.#record = (await loginAgain(this.api, record)) ?? { ...record, out: true };
    } catch (error) {
      if (codeOf(error) === "wrong_login") this.#record = { ...record, out: true };
      else setTimeout(() => void this.#loggedOut(), LOGIN_AGAIN);
    }
    if (this.#record === record) return;
    await this.keep({ [ACCOUNT_KEY]: this.#record }).catch(() => undefined);
    this.refresh();
    this.#connect();
  }

  // The line.

  #connect(): void {
    if (this.#record && !this.#record.out) this.socket.start();
  }

  #opened(): void {
    clearTimeout(this.#polling);
    this.#losses = 0;
    this.connection.value = "online";
    this.#rooms.opened();
    this.#joins.followAll();
    void this.#countGroups().catch(() => undefined);
  }

  /** Which groups there are that this device knows nothing of: the server knows their number, not their names. */
  async #countGroups(): Promise<void> {
    const rows = await this.api.list<{ id: string; role: Role; status: string }>("/groups");
    this.#memberships = rows.filter(({ status }) => status === "member").map(({ id, role }) => ({ group: id, role }));
    this.refresh();
  }

  #lost(): void {
    this.#losses += 1;
    if (this.connection.value !== "blocked" && this.connection.value !== "cut_off") this.connection.value = "offline";
    this.#rooms.lost();
    clearTimeout(this.#polling);
    this.#polling = setTimeout(() => void this.#poll(), POLL / 8);
  }

  /** Networks that let no live connection through often let questions through: who waits hears the answer all the same. */
  async #poll(): Promise<void> {
    try {
      await this.api.get("/me");
      if (this.socket.open || this.connection.peek() === "blocked") return;
      if (this.#losses >= CUT_OFF) this.connection.value = "cut_off";
      this.#joins.followAll();
    } catch (error) {
      if (!this.socket.open && codeOf(error) === "offline") this.connection.value = "offline";
    }
    clearTimeout(this.#polling);
    if (!this.socket.open) this.#polling = setTimeout(() => void this.#poll(), POLL);
  }

  #received(frame: Exclude<ServerFrame, PongFrame>): void {
    if (frame.t === "waiting") {
      void this.#rooms.get(frame.group)?.doors.refresh().catch(() => undefined);
    } else if (frame.t === "report") {
      this.#rooms.get(frame.group)?.reports.told(frame.open);
    } else if (frame.t === "request") {
      this.#joins.heard(frame.id);
    } else {
      this.#rooms.received(frame);
    }
  }

  // Groups.

  createGroup(options: NewGroup): Promise<string> {
    return this.#rooms.create(options);
  }

  room(groupId: string): RoomView | null {
    const room = this.#rooms.get(groupId);
    return room?.record.state ? room : null;
  }

  readInvite(code: string): Promise<InviteCard> {
    return this.#joins.readInvite(code);
  }

  askToJoin(code: string, pseudonym: string, note: string): Promise<void> {
    return this.#joins.ask(code, pseudonym, note);
  }

  withdraw(request: string): Promise<void> {
    return this.#joins.withdraw(request);
  }

  // What the screens see.

  refresh(): void {
    batch(() => {
      const record = this.#record?.out ? null : this.#record;
      if (!record || this.account.value?.id !== record.id) this.account.value = record && accountView(record);
      const entered = this.#rooms.all.filter(({ record: { state } }) => state);
      this.groups.value = entered.map((room) => summary(room, this.shield.value)).sort((a, b) => (b.lastTime ?? 0) - (a.lastTime ?? 0));
      this.pending.value = this.#joins.all.map((join) => {
        const doubtful = join.status === "admitted" && this.#rooms.get(join.card.group)?.doubtful;
        return { ...pendingView(join), ...(doubtful && { status: "trouble" as const }) };
      });
      const known = new Set([...this.#rooms.all.map(({ groupId }) => groupId), ...this.#joins.all.map(({ card }) => card.group)]);
      this.elsewhere.value = record ? this.#memberships.filter(({ group }) => !known.has(group)) : [];
    });
    for (const join of this.#joins.all) {
      const room = this.#rooms.get(join.card.group)?.record;
      if (room?.state && room.me === b64encode(join.own.identity)) this.#joins.drop(join).catch(() => undefined);
    }
  }

  sealDeeds(deeds: readonly Deed[], passphrase: string): Promise<string> {
    return sealDeeds(deeds, passphrase);
  }

  openDeeds(file: string, passphrase: string): Promise<readonly Deed[]> {
    return openDeeds(file, passphrase);
  }

  async setShield(words: readonly string[]): Promise<void> {
    await this.keep({ [SHIELD_KEY]: words });
    this.shield.value = words;
    this.refresh();
  }
}

function summary(room: Room, shield: readonly string[]): GroupSummary {
  const last = room.timeline.value.findLast((line) => line.kind === "message");
  const hidden = !last || last.folded || last.down || isBlocked(room.record, last.sender) || isShielded(last.text, shield);
  return {
    id: room.groupId,
    name: room.name.value,
    memberCount: room.members.value.length,
    unread: [room, ...room.further.value].reduce((count, { unread }) => count + unread.value, 0),
    asking: room.further.value.filter(isAsking).length,
    lastText: hidden ? null : last.text,
    lastTime: last?.time ?? null,
    waiting: room.waiting.value.length,
    next: room.plans.sessions.value[0]?.start ?? null,
    status: room.status.value,
  };
}
