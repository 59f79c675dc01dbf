'use strict';
// Leader Completeness: one delayed heartbeat deletes a committed entry from a follower.
// The follower drops every entry after the last index of the heartbeat, without a conflict.
// Usage: node delayed-heartbeat.cjs [liferaft | @markwylde/liferaft]
const { wire, nodes, commits, step, elect, heartbeat, finish } = require('./network.cjs')();

(async () => {
  await elect('A', ['B', 'C']);
  wire.length = 0;

  console.log('A gets the command x, which reaches everybody.');
  await nodes.A.command('x');
  for (const to of ['B', 'C']) await step('append', 'A', to);
  for (const from of ['B', 'C']) await step('append ack', from, 'A');

  console.log('The heartbeat timer of A fires, and the heartbeat to B is slow.');
  await heartbeat('A');
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
  finish(violated, 'Different commands are committed at index 2.');
})();
