import { expect, test } from "vitest";
import { b64encode } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { createKeyPackage, GroupCrypto, signWith, wipe, type OwnPackage } from "./group.ts";
import { readCommit, readKeyPackage, readPrivate } from "./handshake.ts";
import { agreementBytes, verifyAgreement } from "./invites.ts";

const ROOM = new Uint8Array(16).fill(7);
const text = (value: string) => new TextEncoder().encode(value);
const read = (value: Uint8Array) => new TextDecoder().decode(value);

/** Everyone in `members` applies the commit that the one at `by` makes; a joiner is appended. */
async function admit(members: GroupCrypto[], by: number, own: OwnPackage): Promise<GroupCrypto[]> {
  const { next, commit, welcome } = await members[by]!.add(own.message);
  const after = await Promise.all(members.map((member, index) => (index === by ? next : member.apply(commit))));
  return [...after, await GroupCrypto.join(welcome!, next.tree, own)];
}

async function commitAll(members: GroupCrypto[], by: number, make: (g: GroupCrypto) => ReturnType<GroupCrypto["update"]>) {
  const { next, commit } = await make(members[by]!);
  return Promise.all(members.map((member, index) => (index === by ? next : member.apply(commit))));
}

async function evening(count: number): Promise<GroupCrypto[]> {
  let members = [await GroupCrypto.create(ROOM)];
  for (let added = 1; added < count; added++) members = await admit(members, 0, await createKeyPackage());
  return members;
}

test("three members read each other and agree on tree, roster and exporter", async () => {
  const [ada, ben, cleo] = (await evening(3)) as [GroupCrypto, GroupCrypto, GroupCrypto];
  const sealed = await ada.seal(text("hello"));
  for (const member of [ben, cleo]) {
    const opened = await member.open(sealed.message);
    expect(read(opened.plaintext)).toBe("hello");
    expect(opened.sender).toEqual(ada.me.identity);
    expect(member.treeHash).toEqual(ada.treeHash);
    expect(member.roster).toEqual(ada.roster);
    expect(await member.exporter("x", ROOM, 32)).toEqual(await ada.exporter("x", ROOM, 32));
  }
  expect(ada.roster).toHaveLength(3);
});

test("a removed member can neither follow nor read what comes after", async () => {
  const members = await evening(3);
  const [ada, ben, moss] = members as [GroupCrypto, GroupCrypto, GroupCrypto];
  const { next, commit } = await ada.remove([moss.me.index]);
  const benAfter = await ben.apply(commit);
  const mossAfter = await moss.apply(commit);
  const { message } = await next.seal(text("without Moss"));
  expect(read((await benAfter.open(message)).plaintext)).toBe("without Moss");
  await expect(moss.open(message)).rejects.toThrow(CryptoError);
  await expect(mossAfter.open(message)).rejects.toThrow(CryptoError);
  expect(() => mossAfter.me).toThrow(CryptoError);
});

test("a restored state goes on where it was, and the one before an undone commit still works", async () => {
  const [ada, ben] = (await evening(2)) as [GroupCrypto, GroupCrypto];
  const sealed = await ada.seal(text("one"));
  const opened = await ben.open(sealed.message);
  const again = GroupCrypto.restore(sealed.next.serialise());
  await again.update(); // refused by the relay: its next is dropped
  const second = await again.seal(text("two"));
  const later = GroupCrypto.restore(opened.next.serialise());
  expect(read((await later.open(second.message)).plaintext)).toBe("two");
  await expect(later.open(sealed.message)).rejects.toThrow(CryptoError);
  expect(() => GroupCrypto.restore(sealed.next.serialise().slice(1))).toThrow(CryptoError);
});

test("consumed secrets are overwritten without harm to what comes next", async () => {
  const [ada, ben] = (await evening(2)) as [GroupCrypto, GroupCrypto];
  const first = await ada.seal(text("one"));
  wipe(first.consumed);
  const opened = await ben.open(first.message);
  wipe(opened.consumed);
  await expect(ben.open(first.message)).rejects.toThrow(CryptoError);
  const { next, commit } = await first.next.update();
  const benNext = await opened.next.apply(commit);
  first.next.forget();
  opened.next.forget();
  expect(read((await benNext.open((await next.seal(text("two"))).message)).plaintext)).toBe("two");
  await expect(opened.next.apply(commit)).rejects.toThrow(CryptoError);
});

test("a joiner can read a tree whose unmerged leaves differ along a path (RFC 9420 §12.4.3.1)", async () => {
  let members = await evening(7);
  members = await commitAll(members, 4, (member) => member.update()); // the node above leaves 4 to 7 gets a key
  members = await admit(members, 0, await createKeyPackage()); // leaf 7 is unmerged there and in the root
  members = await commitAll(members, 0, (member) => member.update()); // no longer in the root
  members = await admit(members, 1, await createKeyPackage()); // this joiner verifies the tree
  expect(members.at(-1)!.treeHash).toEqual(members[0]!.treeHash);
});

test("a tree of someone else, a changed tree and a broken Welcome are refused", async () => {
  const [ada] = (await evening(2)) as [GroupCrypto];
  const own = await createKeyPackage();
  const { welcome, next } = await ada.add(own.message);
  await expect(GroupCrypto.join(welcome!, ada.tree, own)).rejects.toThrow(CryptoError);
  await expect(GroupCrypto.join(welcome!, next.tree, await createKeyPackage())).rejects.toThrow(CryptoError);
  for (const position of [8, 60, 200]) {
    const bent = next.tree;
    bent[position]! ^= 1;
    await expect(GroupCrypto.join(welcome!, bent, own)).rejects.toThrow(CryptoError);
  }
  await expect(GroupCrypto.join(welcome!.slice(0, -1), next.tree, own)).rejects.toThrow(CryptoError);
});

test("messages say what they are before anything is processed", async () => {
  const [ada, ben] = (await evening(2)) as [GroupCrypto, GroupCrypto];
  const own = await createKeyPackage();
  const added = await readCommit((await ada.add(own.message)).commit);
  expect(added).toMatchObject({ epoch: 1, committer: 0, removed: [], path: null });
  expect(added.added.map(({ ref }) => ref)).toEqual([own.ref]);
  const removed = await readCommit((await ada.remove([1])).commit);
  expect(removed).toMatchObject({ removed: [1], path: { identity: ada.me.identity } });
  expect(readPrivate((await ben.seal(text("x"))).message)).toEqual({ groupId: ROOM, epoch: 1, application: true });
  await expect(readCommit((await ben.seal(text("x"))).message)).rejects.toThrow(CryptoError);
  expect(() => readPrivate(own.message)).toThrow(CryptoError);
});

test("a KeyPackage is checked: signatures, lifetime, form", async () => {
  const own = await createKeyPackage();
  const now = Date.now();
  expect((await readKeyPackage(own.message, now)).ref).toEqual(own.ref);
  await expect(readKeyPackage(own.message, now + 366 * 86_400_000)).rejects.toThrow(CryptoError);
  for (let position = 0; position < own.message.length; position += 7) {
    const bent = own.message.slice();
    bent[position]! ^= 1;
    await expect(readKeyPackage(bent, now)).rejects.toThrow(CryptoError);
  }
});

test("who agreed to the rules before joining is known by the leaf that was added", async () => {
  const rules = { version: 1, text: "Be kind." };
  const own = await createKeyPackage();
  const signature = b64encode(await signWith(own, await agreementBytes(ROOM, rules.version, rules.text)));
  const [ada, ben] = (await admit([await GroupCrypto.create(ROOM)], 0, own)) as [GroupCrypto, GroupCrypto];
  const leaf = ada.roster.find(({ index }) => index === ben.me.index)!;
  await verifyAgreement({ version: 1, signature }, leaf.signatureKey, ROOM, rules);
  await expect(verifyAgreement({ version: 1, signature }, ada.me.signatureKey, ROOM, rules)).rejects.toThrow(CryptoError);
});
