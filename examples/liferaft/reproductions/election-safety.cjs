'use strict';
// Election Safety: one voter grants its vote to two candidates of the same term.
// The voter reads its log from the disk between "did I vote?" and "I vote for you".
// Usage: node election-safety.cjs [liferaft | @markwylde/liferaft]
const { names, nodes, settle, deliver, step, leads, finish } = require('./network.cjs')();

(async () => {
  console.log('The election timers of A and B fire.');
  nodes.A.promote();
  nodes.B.promote();
  await settle();

  // C receives the second request while its disk still reads for the first one.
  deliver('vote', 'A', 'C');
  deliver('vote', 'B', 'C');
  await settle();
  await step('voted', 'C', 'A');
  await step('voted', 'C', 'B');

  const leaders = names.filter((name) => leads(name) && nodes[name].term === 1);
  const violated = leaders.length > 1;
  console.log(`Leaders of term 1: ${leaders.join(', ')}.`);
  finish(violated, 'Two leaders in one term.');
})();
