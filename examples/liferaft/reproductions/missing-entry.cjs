'use strict';
// No Crash: a follower deletes an entry that it has just saved, and then fails to commit it.
// The deletion of what follows the previous entry is not awaited, so it meets the entry that is being saved.
// Usage: node missing-entry.cjs [liferaft | @markwylde/liferaft]
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

const network = require('./network.cjs')({ disk: slowDisk, turns: 2000 });
const { wire, nodes, deliver, step, elect, heartbeat, keep, finish } = network;

process.on('unhandledRejection', ({ message }) => finish(true, `The process would stop here: ${message}.`));

(async () => {
  await elect('A', ['B', 'C']);
  console.log('A gets the command x, which reaches everybody.');
  await nodes.A.command('x');
  keep((m) => m.packet.data);
  for (const to of ['B', 'C']) await step('append', 'A', to);
  for (const from of ['B', 'C']) await step('append ack', from, 'A');

  console.log('A gets more commands, whose appends are slow.');
  for (const command of ['y1', 'y2', 'y3', 'y4']) await nodes.A.command(command);
  wire.length = 0;

  await elect('C', ['B']);
  keep((m) => m.packet.data?.[0]);
  console.log('C gets the command z, which B stores.');
  await nodes.C.command('z');
  await step('append', 'C', 'B');
  await step('append ack', 'B', 'C');
  console.log('The heartbeat timer of C fires; A gets the append and the heartbeat one right after the other.');
  await heartbeat('C');
  deliver('append', 'C', 'A');
  await step('append', 'C', 'A');

  const log = (await nodes.A.log.getEntriesAfter(0)).map(({ index, command }) => `${index}: ${command}`);
  console.log(`The log of A: ${log.join(', ')}.`);
  finish(false);
})();
