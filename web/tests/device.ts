/** A device with one room in its store, on a line to the smallest relay. For tests of rooms; needs `fake-indexeddb/auto`. */
import { Vault } from "../src/crypto/vault.ts";
import { Socket } from "../src/net/socket.ts";
import type { ClientFrame, ServerFrame } from "../src/net/wire.ts";
import { deedShelf } from "../src/room/desk.ts";
import { History } from "../src/room/history.ts";
import type { Home } from "../src/room/home.ts";
import { recordKey, type RoomRecord } from "../src/room/record.ts";
import { Room } from "../src/room/room.ts";
import type { Deed } from "../src/room/types.ts";
import type { Person } from "./people.ts";
import type { Relay } from "./relay.ts";

type Refused = Extract<ServerFrame, { t: "refused" }>;

const NOBODY = { opened: () => undefined, received: () => undefined, lost: () => undefined, loggedOut: () => undefined };
let count = 0;

export class Device {
  vault: Vault;
  room: Room;
  /** What it sent. */
  sent: ClientFrame[] = [];
  /** What it is answered next: a refusal's code, a refusal with more to it, or "silence". */
  refusals: (string | Partial<Refused>)[] = [];
  up = true;
  readonly #relay: Relay;
  readonly #name: string;

  private constructor(relay: Relay, name: string, [vault, room]: [Vault, Room]) {
    this.#relay = relay;
    this.#name = name;
    this.vault = vault;
    this.room = room;
  }

  /** The device of a person, who does nothing elsewhere from now on. */
  static async of(relay: Relay, person: Person): Promise<Device> {
    const name = `room-${count++}`;
    const vault = await Vault.open(name);
    await vault.claim();
    await vault.write({ values: person.ledger.changes() });
    const later: { device?: Device } = {};
    const device = new Device(relay, name, await opened(name, relay, () => later.device));
    later.device = device;
    return device;
  }

  /** As after a reload. */
  async restart(): Promise<void> {
    this.room.close();
    [this.vault, this.room] = await opened(this.#name, this.#relay, () => this);
  }

  /** False when the line is down. */
  send(frame: ClientFrame): boolean {
    if (!this.up) return false;
    this.sent.push(frame);
    queueMicrotask(() => this.#answer(frame));
    return true;
  }

  #answer(frame: ClientFrame): void {
    const { room } = this;
    if (frame.t === "enter") {
      for (const line of this.#relay.log.slice(frame.after)) room.receive(line);
      room.receive({ t: "caught_up", room: frame.room, head: this.#relay.log.length, epoch: 0, policy_seq: 0 });
      return;
    }
    if (frame.t === "epoch" || frame.t === "folded") return;
    const { room: id, client_id } = frame;
    const refusal = this.refusals.shift();
    const first = this.#relay.log.find((line) => line.client_id === client_id);
    if (refusal === "silence") return;
    if (refusal !== undefined) {
      const more = typeof refusal === "string" ? { code: refusal } : refusal;
      room.receive({ t: "refused", room: id, client_id, code: "", detail: "", retry_after: null, policy_seq: null, ...more });
    } else if (first) room.receive({ t: "sent", room: id, client_id, seq: first.seq, time: first.time });
    else for (const line of this.#relay.take(frame, room.record.state?.members[room.record.me]?.leaves[0] ?? "")) room.receive(line);
  }
}

async function opened(name: string, relay: Relay, device: () => Device | undefined): Promise<[Vault, Room]> {
  const vault = await Vault.open(name);
  await vault.claim();
  const [record] = await vault.all<RoomRecord>(recordKey(""));
  if (!record) throw new Error("no room is kept");
  const history = await History.open(vault, record.group, record);
  const deeds = await vault.lines<Deed>(deedShelf(record.group));
  const given = {
    vault,
    api: relay.api,
    origin: "http://localhost:8000",
    send: (frame: ClientFrame) => device()?.send(frame) ?? false,
    changed: () => undefined,
    failed: (error: unknown) => {
      throw error;
    },
  };
  const { api, changed: refresh, failed } = given;
  const home: Home = { api, vault, refresh, failed, socket: new Socket("", NOBODY), keep: (values) => vault.write({ values }) };
  return [vault, new Room(home, given, record, history, deeds, "")];
}
