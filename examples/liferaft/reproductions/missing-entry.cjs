'use strict';
// No Crash: a follower deletes an entry that it has just saved, and then fails to commit it.
// The deletion of what follows the previous entry is not awaited, so it meets the entry that is being saved.
// Usage: node missing-entry.cjs [liferaft | @markwylde/liferaft]
const name = process.argv[2] ?? 'liferaft';
const Raft = require(name);
const Log = require(`${name}/log`);
const memdown = require('memdown');

// A disk that answers one operation after the other, each after some turns of the event loop.
const turns = 4;
function slowDisk() {
  const store = memdown('');
  let last = Promise.resolve();
  const answer = (callback) => (...given) => {
    last = last.then(async () => {
      for (let i = 0; i < turns; i++) await new Promise(setImmediate);
    });
    last.then(() => setImmediate(() => callback(...given)));
  };
  for (const name of ['_open', '_get', '_put', '_del']) {
    const operate = store[name];
    store[name] = (...args) => operate.call(store, ...args.slice(0, -1), answer(args.at(-1)));
  }
  const { _iterator } = store;
  store._iterator = (options) => {
    const iterator = _iterator.call(store, options);
    const { _next } = iterator;
    iterator._next = (callback) => {
      iterator._next = _next;
      return _next.call(iterator, answer(callback));
    };
    return iterator;
  };
  return store;
}

// The timers never fire alone; the messages wait in `wire` until the script delivers them.
const names = ['A', 'B', 'C'];
const [wire, nodes] = [[], {}];
const day = { heartbeat: '1 day', 'election min': '1 day', 'election max': '1 day' };
for (const name of names) {
  const node = nodes[name] = new Raft({ address: name, Log, adapter: slowDisk, ...day });
  node.on('commit', (command) => console.log(`${name} commits ${command}.`));
  node.on('leader', () => console.log(`${name} becomes the leader of term ${node.term}.`));
  for (const to of names.filter((other) => other !== name)) {
    node.join(to, (packet, done) => wire.push({ from: name, to, packet, done }));
  }
}
process.on('unhandledRejection', ({ message }) => {
  console.log(`VIOLATION: The process would stop here: ${message}.`);
  process.exit(1);
});

// Wait until all pending disk operations and promises are done.
const settle = async () => { for (let i = 0; i < 2000; i++) await new Promise(setImmediate); };

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
  console.log('A gets the command x, which reaches everybody.');
  await nodes.A.command('x');
  wire.splice(0, wire.length, ...wire.filter((m) => m.packet.data));
  for (const to of ['B', 'C']) await step('append', 'A', to);
  for (const from of ['B', 'C']) await step('append ack', from, 'A');

  console.log('A gets more commands, whose appends are slow.');
  for (const command of ['y1', 'y2', 'y3', 'y4']) await nodes.A.command(command);
  wire.length = 0;

  await elect('C', ['B']);
  wire.splice(0, wire.length, ...wire.filter((m) => m.packet.data?.[0]));
  console.log('C gets the command z, which B stores.');
  await nodes.C.command('z');
  await step('append', 'C', 'B');
  await step('append ack', 'B', 'C');
  console.log('The heartbeat timer of C fires; A gets the append and the heartbeat one right after the other.');
  nodes.C.timers.tock('heartbeat', true)();
  await settle();
  deliver('append', 'C', 'A');
  await step('append', 'C', 'A');

  const log = (await nodes.A.log.getEntriesAfter(0)).map(({ index, command }) => `${index}: ${command}`);
  console.log(`The log of A: ${log.join(', ')}.`);
  console.log('No violation.');
  process.exit(0);
})();
