'use strict';
// State Machine Safety: two commands given at once get the same index and term.
// saveCommand reads the last index and writes the entry without excluding other commands.
// Usage: node concurrent-commands.cjs [liferaft | @markwylde/liferaft]
const { wire, nodes, commits, step, elect, heartbeat, finish } = require('./network.cjs')();

(async () => {
  await elect('A', ['B', 'C']);
  wire.length = 0;

  console.log('A gets the commands x and y at the same time.');
  await Promise.all([nodes.A.command('x'), nodes.A.command('y')]);
  await step('append', 'A', 'B');
  await step('append ack', 'B', 'A');

  console.log('The heartbeat timer of A fires, and the second append to B is slow.');
  wire.length = 0;
  await heartbeat('A');
  await step('append', 'A', 'B');

  console.log(`First command committed by A: ${commits.A[0]}, by B: ${commits.B[0]}.`);
  const violated = commits.A[0] !== commits.B[0];
  finish(violated, 'Different commands are committed at index 1.');
})();
