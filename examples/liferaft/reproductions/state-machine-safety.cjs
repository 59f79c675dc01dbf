'use strict';
// State Machine Safety: a heartbeat makes a follower commit its own conflicting entry.
// The follower follows the committed index of the leader without comparing the logs.
// Usage: node state-machine-safety.cjs [liferaft | @markwylde/liferaft]
const { nodes, commits, step, elect, heartbeat, keep, loseAll, finish } = require('./network.cjs')();

(async () => {
  await elect('A', ['B', 'C']);
  console.log('A gets the command x.');
  await nodes.A.command('x');
  loseAll();

  await elect('B', ['C']);
  console.log('B gets the command y.');
  await nodes.B.command('y');
  keep((m) => m.packet.data);
  await step('append', 'B', 'C');
  await step('append ack', 'C', 'B');
  loseAll();

  console.log('The heartbeat timer of B fires.');
  await heartbeat('B');
  await step('append', 'B', 'A');

  console.log(`First command committed by A: ${commits.A[0]}, by B: ${commits.B[0]}.`);
  const violated = commits.A[0] !== undefined && commits.A[0] !== commits.B[0];
  finish(violated, 'Different commands are committed at index 1.');
})();
