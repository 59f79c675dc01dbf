'use strict';
// Leader Completeness: a candidate with an empty log wins although an entry is committed.
// An empty log claims that the term of its last entry is the current term of the node.
// Usage: node leader-completeness.cjs [liferaft | @markwylde/liferaft]
const { wire, nodes, commits, step, leads, elect, finish } = require('./network.cjs')();

(async () => {
  await elect('A', ['B', 'C']);
  wire.length = 0;

  console.log('A gets the command x, and the append to C is lost.');
  await nodes.A.command('x');
  await step('append', 'A', 'B');
  await step('append ack', 'B', 'A');
  wire.length = 0;

  console.log('A stops.');
  await elect('C', ['B']);
  wire.length = 0;
  if (leads('C')) {
    console.log('C gets the command y.');
    await nodes.C.command('y');
    await step('append', 'C', 'B');
    await step('append ack', 'B', 'C');
  }

  console.log(`First command committed by A: ${commits.A[0]}, by C: ${commits.C[0]}.`);
  const violated = leads('C') && commits.A[0] === 'x' && commits.C[0] === 'y';
  finish(violated, 'Different commands are committed at index 1.');
})();
