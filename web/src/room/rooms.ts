/** The rooms whose keys are on this device. */
import type { ServerFrame } from "../net/wire.ts";
import { later } from "../net/later.ts";
import { newGroup, type NewGroup } from "./creating.ts";
import { deedShelf, type Device } from "./desk.ts";
import { AppError } from "./errors.ts";
import { History } from "./history.ts";
import type { Home } from "./home.ts";
import { recordKey, type RoomRecord } from "./record.ts";
import { draftKey, Room } from "./room.ts";
import type { Deed } from "./types.ts";

export class Rooms {
  readonly #home: Home;
  /** By the group's id. */
  readonly #rooms = new Map<string, Room>();

  constructor(home: Home) {
    this.#home = home;
  }

  get all(): readonly Room[] {
    return [...this.#rooms.values()];
  }

  get(group: string): Room | undefined {
    return this.#rooms.get(group);
  }

  /** Takes up what an earlier visit kept. */
  async load(): Promise<void> {
    for (const record of await this.#home.vault.all<RoomRecord>(recordKey(""))) await this.add(record);
  }

  /** Stops every room; none of them writes any more. */
  close(): void {
    for (const room of this.#rooms.values()) room.close();
    this.#rooms.clear();
  }

  async add(record: RoomRecord): Promise<Room> {
    const { api, socket, vault } = this.#home;
    const [history, deeds] = await Promise.all([
      History.open(vault, record.group, record),
      vault.lines<Deed>(deedShelf(record.group)),
    ]);
    const draft = (await vault.get<string>(draftKey(record.group))) ?? "";
    const device: Device = {
      vault,
      api,
      origin: location.origin,
      send: (frame) => socket.send(frame),
      changed: () => this.#home.refresh(),
      failed: (error) => this.#home.failed(error),
    };
    // Someone who left and came back has an older one.
    this.drop(record.group);
    const room = new Room(this.#home, device, record, history, deeds, draft);
    this.#rooms.set(record.group, room);
    await room.load();
    return room;
  }

  drop(group: string): void {
    this.#rooms.get(group)?.close();
    this.#rooms.delete(group);
  }

  /** Makes a group; gives its id once the relay has it. Throws AppError. */
  async create(options: NewGroup): Promise<string> {
    if (!this.#home.socket.open) throw new AppError("offline");
    const { isReserved } = await later("names", () => import("./names.ts"));
    if (isReserved(options.pseudonym)) throw new AppError("pseudonym_reserved");
    const ledger = await newGroup(this.#home.api, options);
    const { group } = ledger.record;
    await this.#home.keep(ledger.changes());
    const made = await this.add(ledger.record);
    try {
      const begun = made.begun();
      begun.catch(() => undefined);
      await made.enter();
      await begun;
    } catch (error) {
      this.drop(group);
      await this.#home.keep({ [recordKey(group)]: null });
      throw error;
    }
    return group;
  }

  /** The line is up. */
  opened(): void {
    for (const room of this.#rooms.values()) {
      this.enter(room);
      room.reports.connected();
    }
  }

  enter(room: Room): void {
    // What fails here is tried again on the next line.
    room.enter().catch(() => undefined);
  }

  lost(): void {
    for (const room of this.#rooms.values()) room.lost();
  }

  received(frame: Exclude<ServerFrame, { t: "waiting" | "report" | "request" | "pong" }>): void {
    for (const room of this.#rooms.values()) room.receive(frame);
  }
}
