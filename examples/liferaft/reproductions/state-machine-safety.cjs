'use strict';
// State Machine Safety: a heartbeat makes a follower commit its own conflicting entry.
// The follower follows the committed index of the leader without comparing the logs.
// Usage: node state-machine-safety.cjs [liferaft | @markwylde/liferaft]
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
  wire.splice(0, wire.length, ...wire.filter((m) => m.packet.data));
  await step('append', 'B', 'C');
  await step('append ack', 'C', 'B');
  loseAll();

  console.log('The heartbeat timer of B fires.');
  nodes.B.timers.tock('heartbeat', true)();
  await settle();
  await step('append', 'B', 'A');

  console.log(`First command committed by A: ${commits.A[0]}, by B: ${commits.B[0]}.`);
  const violated = commits.A[0] !== undefined && commits.A[0] !== commits.B[0];
  console.log(violated ? 'VIOLATION: Different commands are committed at index 1.' : 'No violation.');
  process.exit(violated ? 1 : 0);
})();
