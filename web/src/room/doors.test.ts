import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, host, letIn, type Person } from "../../tests/people.ts";
import { Relay } from "../../tests/relay.ts";
import { b64decode, b64encode } from "../crypto/bytes.ts";
import { deriveInviteKeys, openCard, sealCard } from "../crypto/invites.ts";
import { readApplicants, wordFor } from "./admission.ts";
import { uuidBytes } from "./ids.ts";
import { type Answer, heardAtTheDoor, type JoinRecord } from "./joining.ts";

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

const answered = (word: string | null, status: Answer["status"] = "waiting"): Answer => ({
  id: join.request, status, locked: false, word, room: null, seq: null, welcome: null, tree: null, reply: null,
});

test("whoever was asked as a guest is shown as one, and comes in as one", async () => {
  const [reed] = await readApplicants(relay.api, fern.ledger);
  expect([reed?.genuine, reed?.visit]).toEqual([true, VISIT]);
  await letIn(relay, fern, join);
  expect(Object.values(fern.ledger.state.members).map(({ pseudonym, role }) => [pseudonym, role])).toEqual([
    ["Fern", "owner"],
    ["Reed", "guest"],
  ]);
});

test("another card in the place of the invite's is noticed: nobody with a guest's link comes in as a member", async () => {
  const rows = relay.rows[`/groups/${fern.ledger.record.group}/invites`] as unknown as { card: string }[];
  const keys = await deriveInviteKeys(join.secret, uuidBytes(join.invite));
  for (const row of rows) {
    const card = await openCard(keys, b64decode(row.card));
    row.card = b64encode(await sealCard(keys, { ...card, guest: null }));
  }
  expect((await readApplicants(relay.api, fern.ledger)).map(({ genuine }) => genuine)).toEqual([false]);
});

test("a word reaches who waits, and nobody else makes one up", async () => {
  const [reed] = await readApplicants(relay.api, fern.ledger);
  if (!reed) throw new Error("nobody waits");
  const word = await wordFor(reed, fern.ledger, "Two more minutes.", false);
  expect(await heardAtTheDoor(join, answered(word))).toEqual({ declined: false, from: "Fern", text: "Two more minutes." });
  expect(await heardAtTheDoor(join, answered(b64encode(new Uint8Array(150))))).toBeNull();
  expect(await heardAtTheDoor(join, answered(null))).toBeNull();
  const other = await ask(relay, fern, "Heron", null, null);
  expect(await heardAtTheDoor(other, answered(word))).toBeNull();
});
