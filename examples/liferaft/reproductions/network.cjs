'use strict';
// Three nodes in memory, A, B and C, of the package that the command line names: liferaft or @markwylde/liferaft.
// Their timers never fire alone, and what they send waits in `wire` until a script delivers it.
const memdown = require('memdown');

// `turns`: of the event loop, after which the disk has answered everything.
module.exports = ({ disk = memdown, turns = 100 } = {}) => {
  const library = process.argv[2] ?? 'liferaft';
  const Raft = require(library);
  const Log = require(`${library}/log`);

  const names = ['A', 'B', 'C'];
  const [wire, nodes, commits] = [[], {}, {}];
  const day = { heartbeat: '1 day', 'election min': '1 day', 'election max': '1 day' };
  for (const name of names) {
    const node = nodes[name] = new Raft({ address: name, Log, adapter: disk, ...day });
    commits[name] = [];
    node.on('commit', (command) => commits[name].push(command) && console.log(`${name} commits ${command}.`));
    node.on('leader', () => console.log(`${name} becomes the leader of term ${node.term}.`));
    for (const to of names.filter((other) => other !== name)) {
      node.join(to, (packet, done) => wire.push({ from: name, to, packet, done }));
    }
  }

  // Wait until all pending disk operations and promises are done.
  const settle = async () => { for (let i = 0; i < turns; i++) await new Promise(setImmediate); };

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

  const leads = (name) => nodes[name].state === Raft.LEADER;

  // Fire the election timer of a node, and let the voters elect it.
  async function elect(name, voters) {
    console.log(`The election timer of ${name} fires.`);
    nodes[name].promote();
    await settle();
    for (const voter of voters) await step('vote', name, voter);
    for (const voter of voters) if (!leads(name)) await step('voted', voter, name);
  }

  // Fire the heartbeat timer of a node.
  async function heartbeat(name) {
    nodes[name].timers.tock('heartbeat', true)();
    await settle();
  }

  // Keep these messages in flight, and lose all others.
  const keep = (wanted) => wire.splice(0, wire.length, ...wire.filter(wanted));

  // Lose every message in flight.
  function loseAll() {
    for (const m of wire.splice(0)) console.log(`The "${m.packet.type}" from ${m.from} to ${m.to} is lost.`);
  }

  // Say what was seen; the exit code says it, too.
  function finish(violated, violation) {
    console.log(violated ? `VIOLATION: ${violation}` : 'No violation.');
    process.exit(violated ? 1 : 0);
  }

  return { names, wire, nodes, commits, settle, deliver, step, leads, elect, heartbeat, keep, loseAll, finish };
};
