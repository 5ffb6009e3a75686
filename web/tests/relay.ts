/** The smallest relay: one room's log in order, and the rows about its invites, told over real HTTP. For tests of rooms. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Api } from "../src/net/api.ts";
import { type ActFrame, type ClearPolicy, type Envelope, type SendFrame, SHOWN, type Shown } from "../src/net/wire.ts";

/** The clear part of the state that is handed to a joiner. */
export const STATE: ClearPolicy = {
  action: "state", policy_seq: null, main: null, ...(Object.fromEntries(SHOWN.map((name) => [name, null])) as Shown),
};

/** No key of this relay's own: whoever asks it about a stamp is told what `verdict` says. */
export const STAMP = "A".repeat(44);

type Row = Record<string, unknown> & { id: string };

export class Relay {
  readonly api: Api;
  readonly log: Envelope[] = [];
  /** What its clock says. */
  time = 1_800_000_000_000;
  /** What it says of every stamp. */
  verdict = false;
  /** What is answered by path; lists as arrays. */
  readonly rows: Record<string, Row[]> = {};
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.api = new Api(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  static async start(): Promise<Relay> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const relay = new Relay(server);
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const path = request.url?.replace("/v1", "") ?? "";
        const rows = (relay.rows[path] ??= []);
        if (request.method === "POST") rows.push(JSON.parse(Buffer.concat(chunks).toString()) as Row);
        response.setHeader("Content-Type", "application/json");
        response.setHeader("Date", new Date(relay.time).toUTCString());
        const room = path.startsWith("/rooms/") ? { policy_seq: relay.policySeq } : null;
        const answer = path.endsWith("/stamps/verify") ? { valid: relay.verdict } : {};
        response.end(JSON.stringify(request.method === "GET" ? (room ?? { items: rows, next: null }) : answer));
      });
    });
    return relay;
  }

  /** The seq of the last policy message. */
  get policySeq(): number {
    return this.log.findLast(({ kind, policy }) => kind === "policy" && policy?.action !== "state")?.seq ?? 0;
  }

  stop(): void {
    this.#server.close();
  }

  /** Stores what an act or a message asks for, as of the device with this leaf, and gives the new lines. */
  take(frame: ActFrame | SendFrame, leaf: string): Envelope[] {
    const { room, client_id } = frame;
    const bare = { t: "envelope" as const, room, leaf, client_id, time: this.time, stamp: STAMP };
    const before = this.log.length;
    const add = (line: Pick<Envelope, "kind" | "epoch" | "body" | "commitment" | "policy">): void => {
      this.log.push({ ...bare, ...line, seq: this.log.length + 1 });
    };
    if (frame.t === "send") {
      const { kind, epoch, body, commitment } = frame;
      add({ kind, epoch, body, commitment, policy: null });
      return this.log.slice(before);
    }
    if (frame.policy) {
      const { epoch, body, commitment, ...policy } = frame.policy;
      add({ kind: "policy", epoch, body, commitment, policy });
    }
    if (frame.commit) {
      const { epoch, body } = frame.commit;
      add({ kind: "handshake", epoch, body, commitment: null, policy: null });
    }
    if (frame.state) {
      add({ kind: "policy", ...frame.state, policy: STATE });
    }
    return this.log.slice(before);
  }
}
