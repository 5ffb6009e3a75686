import { decodeGroupState } from "ts-mls";
import { initializeEpoch } from "ts-mls/keySchedule.js";
import { expect, test } from "vitest";
import { b64encode, equalBytes } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { createKeyPackage, GroupCrypto, signWith, wipe, type CommitStep, type OwnPackage } from "./group.ts";
import { readCommit, readKeyPackage, readPrivate } from "./handshake.ts";
import { agreementBytes, verifyAgreement } from "./invites.ts";
import { suite } from "./suite.ts";

const ROOM = new Uint8Array(16).fill(7);
const text = (value: string) => new TextEncoder().encode(value);
const read = (value: Uint8Array) => new TextDecoder().decode(value);

/** One evening's members, each with their own GroupCrypto. */
type Members = readonly [GroupCrypto, ...GroupCrypto[]];

function at(members: Members, index: number): GroupCrypto {
  const member = members[index];
  if (!member) throw new Error(`there is no member ${index}`);
  return member;
}

/** Everyone applies the commit that the one at `by` makes. */
async function commit(members: Members, by: number, make: (group: GroupCrypto) => Promise<CommitStep>) {
  const step = await make(at(members, by));
  const follow = (member: GroupCrypto, index: number) =>
    index === by ? Promise.resolve(step.next) : member.apply(step.commit);
  const [first, ...rest] = await Promise.all(members.map(follow));
  if (!first) throw new Error("nobody is left");
  return { members: [first, ...rest] as const, step };
}

/** The one at `by` lets the holder of a KeyPackage in. */
async function admit(before: Members, by: number, own: OwnPackage): Promise<Members> {
  const { members, step } = await commit(before, by, (group) => group.add(own.message));
  return [...members, await GroupCrypto.join(welcomeOf(step), step.next.tree, own)];
}

function welcomeOf({ welcome }: CommitStep): Uint8Array {
  if (!welcome) throw new Error("nobody was added");
  return welcome;
}

async function evening(count: number): Promise<Members> {
  let members: Members = [await GroupCrypto.create(ROOM, Date.now())];
  for (let added = 1; added < count; added++) members = await admit(members, 0, await createKeyPackage(Date.now()));
  return members;
}

function bent(bytes: Uint8Array, position: number): Uint8Array {
  return bytes.map((byte, index) => (index === position ? byte ^ 1 : byte));
}

test("three members read each other and agree on tree, roster and exporter", async () => {
  const members = await evening(3);
  const ada = members[0];
  const sealed = await ada.seal(text("hello"));
  for (const member of members.slice(1)) {
    const opened = await member.open(readPrivate(sealed.message));
    expect(read(opened.plaintext)).toBe("hello");
    expect(opened.sender).toEqual(ada.me);
    expect(member.treeHash).toEqual(ada.treeHash);
    expect(member.roster).toEqual(ada.roster);
    expect(await member.exporter("x", ROOM, 32)).toEqual(await ada.exporter("x", ROOM, 32));
  }
  expect(ada.roster).toHaveLength(3);
});

test("a removed member can neither follow nor read what comes after", async () => {
  const members = await evening(3);
  const [ada, ben, moss] = [members[0], at(members, 1), at(members, 2)];
  const { next, commit } = await ada.remove([moss.me.index]);
  const benAfter = await ben.apply(commit);
  const mossAfter = await moss.apply(commit);
  const { message } = await next.seal(text("without Moss"));
  expect(read((await benAfter.open(readPrivate(message))).plaintext)).toBe("without Moss");
  await expect(moss.open(readPrivate(message))).rejects.toThrow(CryptoError);
  await expect(mossAfter.open(readPrivate(message))).rejects.toThrow(CryptoError);
  expect(() => mossAfter.me).toThrow(CryptoError);
});

test("the secrets of someone left alone are not known to whoever was just removed", async () => {
  const [ada, ben] = await evening(2);
  if (!ben) throw new Error("ben did not come");
  const { next } = await ada.remove([ben.me.index]);
  const [benKnows] = decodeGroupState(ben.serialise(), 0) ?? [];
  const [alone] = decodeGroupState(next.serialise(), 0) ?? [];
  if (!benKnows || !alone) throw new Error("a state cannot be read");
  const none = new Uint8Array(suite.kdf.size);
  const guess = await initializeEpoch(benKnows.keySchedule.initSecret, none, alone.groupContext, none, suite.kdf);
  expect(guess.keySchedule.exporterSecret).not.toEqual(alone.keySchedule.exporterSecret);
});

test("a restored state goes on where it was, and the one before an undone commit still works", async () => {
  const members = await evening(2);
  const [ada, ben] = [members[0], at(members, 1)];
  const sealed = await ada.seal(text("one"));
  const opened = await ben.open(readPrivate(sealed.message));
  const again = GroupCrypto.restore(sealed.next.serialise());
  await again.update(); // refused by the relay: its next is dropped
  const second = await again.seal(text("two"));
  const later = GroupCrypto.restore(opened.next.serialise());
  expect(read((await later.open(readPrivate(second.message))).plaintext)).toBe("two");
  await expect(later.open(readPrivate(sealed.message))).rejects.toThrow(CryptoError);
  expect(() => GroupCrypto.restore(sealed.next.serialise().slice(1))).toThrow(CryptoError);
});

test("consumed secrets are overwritten without harm to what comes next", async () => {
  const members = await evening(2);
  const [ada, ben] = [members[0], at(members, 1)];
  const first = await ada.seal(text("one"));
  wipe(first.consumed);
  const opened = await ben.open(readPrivate(first.message));
  wipe(opened.consumed);
  await expect(ben.open(readPrivate(first.message))).rejects.toThrow(CryptoError);
  const { next, commit } = await first.next.update();
  const benNext = await opened.next.apply(commit);
  first.next.forget();
  opened.next.forget();
  expect(read((await benNext.open(readPrivate((await next.seal(text("two"))).message))).plaintext)).toBe("two");
  await expect(opened.next.apply(commit)).rejects.toThrow(CryptoError);
});

test("a joiner can read a tree whose unmerged leaves differ along a path (RFC 9420 §12.4.3.1)", async () => {
  let members = await evening(7);
  ({ members } = await commit(members, 4, (group) => group.update())); // the node above leaves 4 to 7 gets a key
  members = await admit(members, 0, await createKeyPackage(Date.now())); // leaf 7 is unmerged there and in the root
  ({ members } = await commit(members, 0, (group) => group.update())); // no longer in the root
  members = await admit(members, 1, await createKeyPackage(Date.now())); // this joiner verifies the tree
  expect(members.at(-1)?.treeHash).toEqual(members[0].treeHash);
});

test("a tree of someone else, a changed tree and a broken Welcome are refused", async () => {
  const [ada] = await evening(2);
  const own = await createKeyPackage(Date.now());
  const step = await ada.add(own.message);
  const [welcome, { next }] = [welcomeOf(step), step];
  await expect(GroupCrypto.join(welcome, ada.tree, own)).rejects.toThrow(CryptoError);
  await expect(GroupCrypto.join(welcome, next.tree, await createKeyPackage(Date.now()))).rejects.toThrow(CryptoError);
  for (const position of [8, 60, 200]) {
    await expect(GroupCrypto.join(welcome, bent(next.tree, position), own)).rejects.toThrow(CryptoError);
  }
  await expect(GroupCrypto.join(welcome.slice(0, -1), next.tree, own)).rejects.toThrow(CryptoError);
});

test("messages say what they are before anything is processed", async () => {
  const members = await evening(2);
  const [ada, ben] = [members[0], at(members, 1)];
  const own = await createKeyPackage(Date.now());
  const added = await readCommit((await ada.add(own.message)).commit);
  expect(added).toMatchObject({ epoch: 1, committer: 0, removed: [], path: null });
  expect(added.added.map(({ ref }) => ref)).toEqual([own.ref]);
  const removed = await readCommit((await ada.remove([1])).commit);
  expect(removed).toMatchObject({ removed: [1], path: { identity: ada.me.identity } });
  expect(readPrivate((await ben.seal(text("x"))).message)).toMatchObject({ groupId: ROOM, epoch: 1, application: true });
  await expect(readCommit((await ben.seal(text("x"))).message)).rejects.toThrow(CryptoError);
  expect(() => readPrivate(own.message)).toThrow(CryptoError);
});

test("a KeyPackage is checked: signatures, lifetime, form", async () => {
  const own = await createKeyPackage(Date.now());
  const now = Date.now();
  expect((await readKeyPackage(own.message, now)).ref).toEqual(own.ref);
  await expect(readKeyPackage(own.message, now + 366 * 86_400_000)).rejects.toThrow(CryptoError);
  for (let position = 0; position < own.message.length; position += 7) {
    await expect(readKeyPackage(bent(own.message, position), now)).rejects.toThrow(CryptoError);
  }
});

test("who agreed to the rules before joining is known by the leaf that was added", async () => {
  const rules = { version: 1, text: "Be kind." };
  const own = await createKeyPackage(Date.now());
  const signature = b64encode(await signWith(own, await agreementBytes(ROOM, rules.version, rules.text)));
  const [ada] = await admit([await GroupCrypto.create(ROOM, Date.now())], 0, own);
  const added = ada.roster.filter(({ identity }) => equalBytes(identity, own.identity)).map((leaf) => leaf.signatureKey);
  expect(added).toHaveLength(1);
  for (const key of added) await verifyAgreement({ version: 1, signature }, key, ROOM, rules);
  await expect(verifyAgreement({ version: 1, signature }, ada.me.signatureKey, ROOM, rules)).rejects.toThrow(CryptoError);
});
