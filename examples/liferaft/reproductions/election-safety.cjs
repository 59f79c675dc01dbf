'use strict';
// Election Safety: one voter grants its vote to two candidates of the same term.
// The voter reads its log from the disk between "did I vote?" and "I vote for you".
// Usage: node election-safety.cjs [liferaft | @markwylde/liferaft]
const name = process.argv[2] ?? 'liferaft';
const Raft = require(name);
const Log = require(`${name}/log`);
const memdown = require('memdown');

// The timers never fire alone; the messages wait in `wire` until the script delivers them.
const names = ['A', 'B', 'C'];
const [wire, nodes] = [[], {}];
const day = { heartbeat: '1 day', 'election min': '1 day', 'election max': '1 day' };
for (const name of names) {
  const node = nodes[name] = new Raft({ address: name, Log, adapter: memdown, ...day });
  node.on('commit', (command) => console.log(`${name} commits ${command}.`));
  node.on('leader', () => console.log(`${name} becomes the leader of term ${node.term}.`));
  for (const to of names.filter((other) => other !== name)) {
    node.join(to, (packet, done) => wire.push({ from: name, to, packet, done }));
  }
}

// Wait until all pending disk operations and promises are done.
const settle = async () => { for (let i = 0; i < 100; i++) await new Promise(setImmediate); };

// Deliver the oldest message of this type and route; a reply becomes a new message.
function deliver(type, from, to) {
  const at = wire.findIndex((m) => m.packet.type === type && m.from === from && m.to === to);
  if (at < 0) throw new Error(`No ${type} from ${from} to ${to} is in flight.`);
  const [{ packet, done, reply }] = wire.splice(at, 1);
  console.log(`${to} receives "${type}" of term ${packet.term} from ${from}.`);
  if (reply) return done(undefined, structuredClone(packet));
  nodes[to].emit('data', structuredClone(packet), async (answer) => {
    answer = await answer;
    if (answer) wire.push({ from: to, to: from, packet: answer, done, reply: true });
  });
}

// Deliver one message and let the receiver finish before anything else happens.
async function step(type, from, to) {
  deliver(type, from, to);
  await settle();
}

(async () => {
  console.log('The election timers of A and B fire.');
  nodes.A.promote();
  nodes.B.promote();
  await settle();

  // C receives the second request while its disk still reads for the first one.
  deliver('vote', 'A', 'C');
  deliver('vote', 'B', 'C');
  await settle();
  await step('voted', 'C', 'A');
  await step('voted', 'C', 'B');

  const leaders = names.filter((name) => nodes[name].state === Raft.LEADER && nodes[name].term === 1);
  const violated = leaders.length > 1;
  console.log(`Leaders of term 1: ${leaders.join(', ')}.`);
  console.log(violated ? 'VIOLATION: Two leaders in one term.' : 'No violation.');
  process.exit(violated ? 1 : 0);
})();
