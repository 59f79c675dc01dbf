'use strict';
// Log Matching: a follower accepts an entry after a previous entry of another term.
// The append handler compares only the index of the previous entry, never its term.
// Usage: node log-matching.cjs [liferaft | @markwylde/liferaft]
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

// Fire the election timer of a node, and let the voters elect it.
async function elect(name, voters) {
  console.log(`The election timer of ${name} fires.`);
  nodes[name].promote();
  await settle();
  for (const voter of voters) await step('vote', name, voter);
  for (const voter of voters) if (nodes[name].state !== Raft.LEADER) await step('voted', voter, name);
}

// Lose every message in flight.
function loseAll() {
  for (const m of wire.splice(0)) console.log(`The "${m.packet.type}" from ${m.from} to ${m.to} is lost.`);
}

(async () => {
  await elect('A', ['B', 'C']);
  console.log('A gets the command x.');
  await nodes.A.command('x');
  loseAll();

  await elect('B', ['C']);
  console.log('B gets the command y.');
  await nodes.B.command('y');
  loseAll();
  console.log('B gets the command z.');
  await nodes.B.command('z');
  await step('append', 'B', 'A');

  const logs = {};
  for (const name of ['A', 'B']) {
    logs[name] = (await nodes[name].log.getEntriesAfter(0)).map((e) => `${e.index}: ${e.command} (term ${e.term})`);
    console.log(`The log of ${name} is [${logs[name].join(', ')}].`);
  }
  const violated = logs.A[1] === logs.B[1] && logs.A[0] !== logs.B[0];
  console.log(violated ? 'VIOLATION: Same entry at index 2, different entries before it.' : 'No violation.');
  process.exit(violated ? 1 : 0);
})();
