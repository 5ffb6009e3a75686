import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, host, letIn, Person } from "../../tests/people.ts";
import { Relay } from "../../tests/relay.ts";
import { b64decode, b64encode, canonicalJson, concat, lp, randomBytes } from "../crypto/bytes.ts";
import { type Card, deriveInviteKeys, openCard, sealWord } from "../crypto/invites.ts";
import type { Api } from "../net/api.ts";
import { listInvites, readApplicants, wordFor } from "./admission.ts";
import { uuidBytes } from "./ids.ts";
import { type InviteLink, readLink } from "./inviteLinks.ts";
import { type Answer, enterGroup, heardAtTheDoor, type JoinRecord, readCard } from "./joining.ts";

const loadNames = () => import("./names.ts");

const VISIT = { segment: "Pacing, with a nurse", minutes: 20 };
let relay: Relay;
let fern: Person;
let join: JoinRecord;

beforeEach(async () => {
  relay = await Relay.start();
  fern = await host(relay);
  join = await ask(relay, fern, "Reed", null, VISIT);
});

afterEach(() => relay.stop());

/** The link of the one invite, from its list. */
async function linkHeld(): Promise<InviteLink> {
  const [made] = await listInvites(relay.api, fern.ledger, "https://circle.example");
  return readLink(made?.link ?? "", "https://circle.example");
}

/** A card sealed anew, with changes, by someone who has the link to it. */
async function another(card: string, changes: Partial<Card>): Promise<string> {
  const { invite, fragment } = await linkHeld();
  const keys = await deriveInviteKeys(b64decode(fragment), uuidBytes(invite));
  const content = { ...(await openCard(keys, b64decode(card))), ...changes };
  const [iv, additionalData] = [randomBytes(12), concat(lp("safespace invite card"), lp(keys.inviteId))];
  const key = await crypto.subtle.importKey("raw", keys.card, "AES-GCM", false, ["encrypt"]);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, canonicalJson(content));
  return b64encode(concat(iv, new Uint8Array(sealed)));
}

const answered = (word: string | null, status: Answer["status"] = "waiting"): Answer => ({
  id: join.request, status, locked: false, ended: null, seen: null, word, room: null, seq: null, welcome: null, tree: null, reply: null,
});

test("whoever was asked as a guest is shown as one, and comes in as one", async () => {
  const [reed] = await readApplicants(relay.api, fern.ledger, loadNames);
  expect([reed?.genuine, reed?.visit]).toEqual([true, VISIT]);
  await letIn(relay, fern, join);
  expect(Object.values(fern.ledger.state.members).map(({ pseudonym, role }) => [pseudonym, role])).toEqual([
    ["Fern", "owner"],
    ["Reed", "guest"],
  ]);
});

test("another card in the place of the invite's is noticed: nobody with a guest's link comes in as a member", async () => {
  const rows = relay.rows[`/groups/${fern.ledger.record.group}/invites`] as unknown as { card: string }[];
  for (const row of rows) row.card = await another(row.card, { guest: null });
  expect((await readApplicants(relay.api, fern.ledger, loadNames)).map(({ genuine }) => genuine)).toEqual([false]);
});

test("a word reaches who waits, and nobody else makes one up", async () => {
  const [reed] = await readApplicants(relay.api, fern.ledger, loadNames);
  if (!reed) throw new Error("nobody waits");
  const word = await wordFor(reed, fern.ledger, "Two more minutes.", false);
  expect(await heardAtTheDoor(join, answered(word))).toEqual({ declined: false, from: "Fern", text: "Two more minutes." });
  expect(await heardAtTheDoor(join, answered(b64encode(new Uint8Array(150))))).toBeNull();
  expect(await heardAtTheDoor(join, answered(null))).toBeNull();
  const other = await ask(relay, fern, "Heron", null, null);
  expect(await heardAtTheDoor(other, answered(word))).toBeNull();
  const { replyKey } = other;
  const [invite, request] = [uuidBytes(join.invite), uuidBytes(join.request)];
  const no = { declined: true, from: "Fern", text: null };
  const madeUp = await sealWord(replyKey, join.policyKey.publicKey, invite, request, no);
  expect(await heardAtTheDoor(join, answered(b64encode(madeUp), "declined"))).toBeNull();
});

test("no without a word comes from somebody, too", async () => {
  const [reed] = await readApplicants(relay.api, fern.ledger, loadNames);
  if (!reed) throw new Error("nobody waits");
  const no = await wordFor(reed, fern.ledger, null, true);
  expect(await heardAtTheDoor(join, answered(no, "declined"))).toEqual({ declined: true, from: "Fern", text: null });
});

test.each([
  ["a key of their own", { key: b64encode(new Uint8Array(32).fill(9)) }],
  ["other rules", { rules: { version: 1, text: "Anything goes." } }],
  ["another host", { from: "Sol" }],
  ["the same words", {}],
])("a card with %s, sealed by who else has the link, is not shown", async (_, changes) => {
  const [row] = relay.rows[`/groups/${fern.ledger.record.group}/invites`] as unknown as { card: string; group: string }[];
  if (!row) throw new Error("no invite");
  const handing = (card: string) => ({ get: () => Promise.resolve({ ...row, card }) }) as unknown as Api;
  const read = await linkHeld();
  expect((await readCard(handing(row.card), read)).name).toBe("Tuesday evening");
  await expect(readCard(handing(await another(row.card, changes)), read)).rejects.toThrow("wrong_card");
});

test("the state that is handed over is the one that the answer speaks of", async () => {
  const answer = await letIn(relay, fern, join);
  const record = await enterGroup(join, answer);
  const other = { ...record, promised: record.promised && { ...record.promised, state: new Uint8Array(32) } };
  expect((await new Person(relay, record).catchUp()).warnings).toEqual([]);
  expect((await new Person(relay, other).catchUp()).warnings).toEqual(["state_mismatch"]);
});

test("who left while muted, or only reading, comes in that way, whoever lets them in", async () => {
  const [row] = relay.rows[`/groups/${fern.ledger.record.group}/requests`] ?? [];
  const until = relay.time + 60_000;
  Object.assign(row ?? {}, { muted: { until, session: false }, listening: true });
  const [reed] = await readApplicants(relay.api, fern.ledger, loadNames);
  expect(reed).toMatchObject({ muted: { until, session: false }, listening: true });
  await letIn(relay, fern, join);
  const { members, mutes } = fern.ledger.state;
  const [id] = Object.keys(members).filter((one) => one !== fern.ledger.record.me);
  expect(mutes).toEqual({ [id ?? ""]: { until, session: false } });
  expect(members[id ?? ""]?.listening).toBe(true);
});
