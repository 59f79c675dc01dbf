'use strict';
// Leader Completeness: a candidate whose log is shorter (same last term) wins.
// The voter refuses only if both its last index AND its last term are higher.
// Usage: node vote-log-check.cjs [liferaft | @markwylde/liferaft]
const { wire, nodes, commits, step, leads, elect, finish } = require('./network.cjs')();

(async () => {
  await elect('A', ['B', 'C']);
  wire.length = 0;

  console.log('A gets the command x, which reaches everybody.');
  await nodes.A.command('x');
  for (const to of ['B', 'C']) await step('append', 'A', to);
  await step('append ack', 'B', 'A');
  await step('append ack', 'C', 'A');

  console.log('A gets the command y, and the append to C is lost.');
  await nodes.A.command('y');
  await step('append', 'A', 'B');
  await step('append ack', 'B', 'A');
  wire.length = 0;

  console.log('A stops.');
  await elect('C', ['B']);
  wire.length = 0;
  if (leads('C')) {
    console.log('C gets the command z.');
    await nodes.C.command('z');
    await step('append', 'C', 'B');
    await step('append ack', 'B', 'C');
  }

  console.log(`Commands committed by A: ${commits.A.join(', ')}; by C: ${commits.C.join(', ')}.`);
  const violated = leads('C') && commits.A[1] === 'y' && commits.C[1] === 'z';
  finish(violated, 'Different commands are committed at index 2.');
})();
