'use strict';
// Log Matching: a follower accepts an entry after a previous entry of another term.
// The append handler compares only the index of the previous entry, never its term.
// Usage: node log-matching.cjs [liferaft | @markwylde/liferaft]
const { nodes, step, elect, loseAll, finish } = require('./network.cjs')();

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
  finish(violated, 'Same entry at index 2, different entries before it.');
})();
