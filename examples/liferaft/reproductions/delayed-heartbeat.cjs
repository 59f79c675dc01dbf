'use strict';
// Leader Completeness: one delayed heartbeat deletes a committed entry from a follower.
// The follower drops every entry after the last index of the heartbeat, without a conflict.
// Usage: node delayed-heartbeat.cjs [liferaft | @markwylde/liferaft]
const name = process.argv[2] ?? 'liferaft';
const Raft = require(name);
const Log = require(`${name}/log`);
const memdown = require('memdown');

// The timers never fire alone; the messages wait in `wire` until the script delivers them.
const names = ['A', 'B', 'C'];
const [wire, nodes, commits] = [[], {}, {}];
const day = { heartbeat: '1 day', 'election min': '1 day', 'election max': '1 day' };
for (const name of names) {
  const node = nodes[name] = new Raft({ address: name, Log, adapter: memdown, ...day });
  commits[name] = [];
  node.on('commit', (command) => commits[name].push(command) && console.log(`${name} commits ${command}.`));
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

(async () => {
  await elect('A', ['B', 'C']);
  wire.length = 0;

  console.log('A gets the command x, which reaches everybody.');
  await nodes.A.command('x');
  for (const to of ['B', 'C']) await step('append', 'A', to);
  for (const from of ['B', 'C']) await step('append ack', from, 'A');

  console.log('The heartbeat timer of A fires, and the heartbeat to B is slow.');
  nodes.A.timers.tock('heartbeat', true)();
  await settle();
  const slow = wire.splice(wire.findIndex((m) => m.to === 'B'), 1);
  wire.length = 0;

  console.log('A gets the command y, and the append to C is lost.');
  await nodes.A.command('y');
  await step('append', 'A', 'B');
  await step('append ack', 'B', 'A');
  wire.length = 0;
  wire.push(...slow);
  await step('append', 'A', 'B');
  const kept = await nodes.B.log.has(2);
  console.log(`B ${kept ? 'keeps' : 'has lost'} the entry at index 2, which it acknowledged.`);

  console.log('A stops.');
  await elect('B', ['C']);
  wire.length = 0;
  if (!kept) {
    console.log('B gets the command z.');
    await nodes.B.command('z');
    await step('append', 'B', 'C');
    await step('append ack', 'C', 'B');
  }

  console.log(`Commands committed by A: ${commits.A.join(', ')}; by B: ${commits.B.join(', ')}.`);
  const violated = commits.A[1] === 'y' && commits.B[1] === 'z';
  console.log(violated ? 'VIOLATION: Different commands are committed at index 2.' : 'No violation.');
  process.exit(violated ? 1 : 0);
})();
