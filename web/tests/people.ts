/** Named people around one room, each with a ledger of their own. For tests of rooms. */
import { b64encode } from "../src/crypto/bytes.ts";
import { GroupCrypto } from "../src/crypto/group.ts";
import { generate } from "../src/crypto/hpke.ts";
import type { Visit } from "../src/crypto/invites.ts";
import type { Envelope } from "../src/net/wire.ts";
import { prepare, type Plan } from "../src/room/acts.ts";
import { admission, createInvite, readApplicants } from "../src/room/admission.ts";
import { uuidBytes, uuidv7 } from "../src/room/ids.ts";
import { readCode } from "../src/room/inviteLinks.ts";
import { enterGroup, prepareJoin, readCard, type Answer, type JoinRecord } from "../src/room/joining.ts";
import { Ledger } from "../src/room/ledger.ts";
import { refusal } from "../src/room/names.ts";
import { newRecord, type RoomRecord } from "../src/room/record.ts";
import { isReaction, saidContent, type Said } from "../src/room/said.ts";
import type { Deed, TimelineItem } from "../src/room/types.ts";
import type { Relay } from "./relay.ts";

const loadNames = () => import("../src/room/names.ts");

export const CHARTER = "I look after the room, I do not rule it.";
export const RULES = "What is said here stays here.";

export class Person {
  readonly ledger: Ledger;
  lines: TimelineItem[] = [];
  readonly deeds: Deed[] = [];
  readonly #relay: Relay;

  constructor(relay: Relay, record: RoomRecord) {
    this.#relay = relay;
    const line = (seq: number) => Promise.resolve(this.lines.find((known) => known.seq === seq) ?? null);
    this.ledger = new Ledger(record, { line }, () => relay.time);
  }

  get leaf(): string {
    return b64encode(this.ledger.group.me.identity);
  }

  get warnings(): string[] {
    return this.ledger.record.warnings.map(({ code }) => code);
  }

  get texts(): string[] {
    return this.lines.flatMap((line) => (line.kind === "message" ? [`${line.pseudonym}: ${line.text}`] : []));
  }

  /** Takes what the relay holds, as it holds it. */
  async catchUp(log: readonly Envelope[] = this.#relay.log): Promise<this> {
    for (const envelope of log) {
      const { lines, deed } = await this.ledger.take(envelope);
      const changed = new Set(lines.map(({ seq }) => seq));
      this.lines = [...this.lines.filter(({ seq }) => !changed.has(seq)), ...lines];
      this.lines.sort((one, other) => (one.seq ?? 0) - (other.seq ?? 0));
      if (deed) this.deeds.push(deed);
    }
    return this;
  }

  async act(plan: Plan): Promise<Envelope[]> {
    const act = await prepare(this.ledger, plan);
    this.ledger.record.act = act;
    const stored = this.#relay.take(act.frame, this.leaf);
    await this.catchUp();
    return stored;
  }

  say(text: string): Promise<Envelope> {
    return this.send({ kind: "text", note: null, text });
  }

  async send(said: Said): Promise<Envelope> {
    const { sealed, kf } = await this.ledger.keys.sealMessage(saidContent(said));
    const id = uuidv7();
    const { record } = this.ledger;
    const kfs = { [sealed.commitment]: { epoch: sealed.epoch, kf: b64encode(kf) } };
    record.outbox = [
      ...record.outbox,
      { id, said, time: 0, state: "sending", code: null, claim: null, sealed, kfs },
    ];
    const kind = isReaction(said) ? ("reaction" as const) : ("message" as const);
    const frame = { t: "send" as const, room: record.room, client_id: id, kind, ...sealed };
    const [stored] = this.#relay.take(frame, this.leaf);
    if (!stored) throw new Error("nothing was stored");
    await this.catchUp();
    return stored;
  }
}

export async function host(relay: Relay, pseudonym = "Fern", presence = false): Promise<Person> {
  const [group, room] = [uuidv7(), uuidv7()];
  const [crypto, policyKey] = await Promise.all([GroupCrypto.create(uuidBytes(room), relay.time), generate()]);
  const person = new Person(
    relay,
    newRecord({
      group, room, crypto: crypto.serialise(), policyKey: policyKey.privateKey, me: b64encode(crypto.me.identity), head: 0,
      sinceUpdate: 0, promised: null,
    }),
  );
  const agreed = { name: "Tuesday evening", welcome: "", presence, days: 0, rules: RULES, charter: CHARTER, pseudonym };
  await person.act({ action: { action: "create", target: null, group, room, key: b64encode(policyKey.publicKey), ...agreed } });
  return person;
}

/** A request made with a link of the host's, as the relay would list it; `replaces` is the member who comes back. */
export async function ask(relay: Relay, from: Person, pseudonym: string, replaces: string | null = null, visit: Visit | null = null, was: string | null = null): Promise<JoinRecord> {
  const { group } = from.ledger.record;
  const link = await createInvite(relay.api, from.ledger, { uses: 1, expires: relay.time + 86_400_000, guest: visit }, "");
  const read = readCode(link.replace("/i/", ""));
  const posted = relay.rows[`/groups/${group}/invites`]?.find(({ id }) => id === read.invite) as {
    id: string;
    card: string;
    sealed: { box: string }[];
  };
  Object.assign(posted, { group, used: 0, revoked: false, box: posted.sealed[0]?.box });
  const card = await readCard({ get: () => Promise.resolve(posted) } as never, read);
  const join = await prepareJoin(read, card, pseudonym, `${pseudonym} would like to come`, relay.time);
  (relay.rows[`/groups/${group}/requests`] ??= []).push({ ...join.asked, invite: read.invite, created: 0, replaces, was, removed: false, muted: null, listening: false });
  return join;
}

export async function letIn(relay: Relay, from: Person, join: JoinRecord): Promise<Answer> {
  const applicants = await readApplicants(relay.api, from.ledger, loadNames);
  const applicant = applicants.find(({ request }) => request === join.request);
  if (!applicant) throw new Error("nobody waits");
  const act = await prepare(from.ledger, admission(applicant, from.ledger, refusal));
  from.ledger.record.act = act;
  const stored = relay.take(act.frame, from.leaf);
  await from.catchUp();
  const { welcome = null, reply = null } = act.frame.commit ?? {};
  const tree = b64encode(from.ledger.group.tree);
  return { id: join.request, status: "admitted", room: act.frame.room, seq: stored[1]?.seq ?? 0, welcome, tree, reply, locked: false, ended: null, seen: null, word: null };
}

export async function guest(relay: Relay, from: Person, pseudonym: string): Promise<Person> {
  const join = await ask(relay, from, pseudonym);
  const answer = await letIn(relay, from, join);
  return new Person(relay, await enterGroup(join, answer)).catchUp();
}
