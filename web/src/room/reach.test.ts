import { afterEach, beforeEach, expect, test } from "vitest";
import { guest, host, type Person } from "../../tests/people.ts";
import { Relay } from "../../tests/relay.ts";
import { b64encode } from "../crypto/bytes.ts";
import { createInvite } from "./admission.ts";
import { accepting, muting } from "./moderating.ts";
import { reachable } from "./reach.ts";

const NO_KEY = b64encode(new Uint8Array(32));
let relay: Relay;
let fern: Person;
let wren: Person;
let moss: Person;

beforeEach(async () => {
  relay = await Relay.start();
  fern = await host(relay);
  wren = await guest(relay, fern, "Wren");
  moss = await guest(relay, fern, "Moss");
  await fern.act({ action: { action: "offer", target: id(moss), role: "moderator" } });
  await moss.catchUp();
  await moss.act(accepting(moss.ledger));
  await fern.catchUp();
  spoil(moss);
});

afterEach(() => relay.stop());

const id = (person: Person) => person.ledger.record.me;

/** On Fern's device someone's key is of no use, as no fold would have it. */
function spoil(person: Person): void {
  const { state } = fern.ledger;
  const { [id(person)]: member, ...others } = state.members;
  if (!member) throw new Error("nobody is there");
  fern.ledger.record.state = { ...state, members: { ...others, [id(person)]: { ...member, key: NO_KEY } } };
}

const told = () => fern.ledger.record.warnings.map(({ code, who }) => [code, who]);

test("a mute with a reason goes through without who cannot be sealed to, and says who that is", async () => {
  const { action } = await muting(fern.ledger, id(wren), 300, "Links are not for here.");
  if (action?.action !== "mute") throw new Error("no mute");
  expect(action.reason?.boxes.map(({ member }) => member)).toEqual([id(fern), id(wren)].sort());
  expect(told()).toEqual([["unreached", ["Moss"]]]);
  spoil(wren);
  await muting(fern.ledger, id(wren), 300, "Links are not for here.");
  expect(told()).toEqual([["unreached", ["Moss", "Wren"]]]);
  spoil(fern);
  const unread = await muting(fern.ledger, id(wren), 300, "Links are not for here.");
  expect(unread.action).toMatchObject({ action: "mute", reason: null });
});

test("an invite is made for the others who admit", async () => {
  spoil(fern);
  fern.ledger.record.state = {
    ...fern.ledger.state,
    members: { ...fern.ledger.state.members, [id(moss)]: { ...member(moss), role: "facilitator" } },
  };
  spoil(moss);
  const link = await createInvite(relay.api, fern.ledger, { uses: 1, expires: Date.now() + 1000, guest: null }, "https://circle.example");
  expect(link).toContain("https://circle.example/i/");
  expect(told()).toEqual([["unreached", ["Fern", "Moss"]]]);
});

function member(person: Person) {
  const found = fern.ledger.state.members[id(person)];
  if (!found) throw new Error("nobody is there");
  return found;
}

test("whoever can be reached is, in the order that was asked for", () => {
  expect(reachable(fern.ledger, [id(moss), id(wren), id(fern)])).toEqual([id(wren), id(fern)]);
  expect(reachable(wren.ledger, [id(fern)])).toEqual([id(fern)]);
  expect(wren.ledger.record.warnings).toEqual([]);
});
