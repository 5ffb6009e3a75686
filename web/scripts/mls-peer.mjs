// Members of MLS groups with the browser's own GroupCrypto, for tests that mix it with other libraries.
// One JSON object a line: {"do", "member", …} in; {"ok": true, …} or {"ok": false, "error"} out. Bytes are base64url.
import { Buffer } from "node:buffer";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const server = await createServer({ root, configFile: false, logLevel: "error", server: { middlewareMode: true } });
const { GroupCrypto, createKeyPackage } = await server.ssrLoadModule("/src/crypto/group.ts");
const { readCommit, readKeyPackage, readPrivate } = await server.ssrLoadModule("/src/crypto/handshake.ts");
const { checkAgreed, checkCommit } = await server.ssrLoadModule("/src/room/checks.ts");

const read = (text) => new Uint8Array(Buffer.from(text, "base64url"));
const write = (bytes) => bytes && Buffer.from(bytes).toString("base64url");

const groups = new Map();
const packages = new Map();
/** What a member's group becomes once the relay takes the commit it made. */
const pending = new Map();

function describe(group) {
  const roster = group.roster.map(({ index, identity }) => [index, write(identity)]);
  return { epoch: group.epoch, tree: write(group.tree), tree_hash: write(group.treeHash), roster };
}

async function offer(member, step) {
  pending.set(member, step.next);
  return { commit: write(step.commit), welcome: write(step.welcome), tree: write(step.next.tree) };
}

const commands = {
  async create({ member, room }) {
    const group = await GroupCrypto.create(read(room), Date.now());
    groups.set(member, group);
    return { ...describe(group), confirmation_tag: write(group.confirmationTag) };
  },
  async key_package({ member }) {
    const own = await createKeyPackage(Date.now());
    packages.set(member, own);
    return { package: write(own.message), ref: write(own.ref), identity: write(own.identity) };
  },
  async join({ member, welcome, tree }) {
    groups.set(member, await GroupCrypto.join(read(welcome), read(tree), packages.get(member)));
    return describe(groups.get(member));
  },
  add: async ({ member, package: keyPackage }) => offer(member, await groups.get(member).add(read(keyPackage))),
  remove: async ({ member, indices }) => offer(member, await groups.get(member).remove(indices)),
  update: async ({ member }) => offer(member, await groups.get(member).update()),
  /** The relay took the commit that this member made. */
  accepted({ member }) {
    groups.set(member, pending.get(member));
    pending.delete(member);
    return describe(groups.get(member));
  },
  async apply({ member, commit }) {
    const before = groups.get(member);
    groups.set(member, await before.apply(read(commit)));
    before.forget();
    return describe(groups.get(member));
  },
  /** Whether the page would take a commit, which it then drops. Whatever the commit does was announced. */
  async judge({ member, commit }) {
    const group = groups.get(member);
    const body = read(commit);
    const { committer, added: [added], removed } = await readCommit(body);
    const named = (indices) => group.roster.filter(({ index }) => indices.includes(index)).map(({ id }) => id);
    const [leaf] = named([committer]);
    const announced = added && { seq: 1, committer: leaf, ref: write(added.ref), identity: write(added.identity) };
    const checked = await checkCommit(group, named(removed), { leaf, seq: 2 }, body);
    checkAgreed(checked, group.roster, named(removed), announced ?? null, { leaf, seq: 2 }, false, () => false);
    const next = await group.apply(body);
    return { tree_hash: write(next.treeHash), secret: write(await next.exporter("safespace epoch", new Uint8Array(), 32)) };
  },
  /** Whether the page would let the holder of a KeyPackage in. */
  async judge_package({ member, package: keyPackage }) {
    await readKeyPackage(read(keyPackage), Date.now());
    await groups.get(member).add(read(keyPackage));
    return {};
  },
  async seal({ member, plaintext }) {
    const { next, message } = await groups.get(member).seal(read(plaintext));
    groups.set(member, next);
    return { message: write(message) };
  },
  async open({ member, message }) {
    const { next, plaintext, sender } = await groups.get(member).open(readPrivate(read(message)));
    groups.set(member, next);
    return { plaintext: write(plaintext), sender: write(sender.identity) };
  },
  /** Serialised and restored, as after a reload of the page. */
  reload({ member }) {
    groups.set(member, GroupCrypto.restore(groups.get(member).serialise()));
    return describe(groups.get(member));
  },
  async export({ member, label, context, length }) {
    return { secret: write(await groups.get(member).exporter(label, read(context), length)) };
  },
  state: ({ member }) => describe(groups.get(member)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let answer;
  try {
    answer = { ok: true, ...(await commands[asked.do](asked)) };
  } catch (error) {
    answer = { ok: false, error: `${error.name}: ${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await server.close();
// The channel that long work waits on (`src/breath.ts`) would keep the process alive.
process.exit();
