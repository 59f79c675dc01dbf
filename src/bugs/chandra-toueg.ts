/** The rotating coordinator, wrong by one line each; and three lines that look wrong and are not. */
import type { Target } from '../kernel/target.ts'
import type { ChandraToueg, State } from '../protocols/chandra-toueg.ts'
import { chandraTouegRelaying, chandraTouegTarget } from '../protocols/index.ts'
import { type Variant, variant } from './mutant.ts'

const bug = (
  how: Variant,
  change: Parameters<typeof variant<ChandraToueg, State>>[2],
  of = chandraTouegTarget,
): Target => variant<ChandraToueg, State>(of, how, change)

const agreement = 'Consensus: Uniform Agreement'
const termination = 'Consensus: Termination'

export const halfQuorum = bug(
  {
    name: 'half-quorum',
    fault: 'half of the processes counts as a majority',
    source: 'C1; fails with an even number of processes only',
    depth: 2,
    violates: agreement,
    processes: [4, 2],
  },
  { rules: { enough: (_, heard, { processes }) => heard.length >= processes.length / 2 } },
)

export const nackCounted = bug(
  {
    name: 'nack-counted',
    fault: 'a coordinator decides once a majority has replied, whatever it replies',
    source: 'C2',
    depth: 2,
    violates: agreement,
  },
  { rules: { adopters: (_, replies) => [...replies.keys()] } },
)

export const firstEstimate = bug(
  {
    name: 'first-estimate',
    fault: 'a coordinator proposes the estimate that arrives first',
    source: 'C3',
    depth: 3,
    violates: agreement,
  },
  { rules: { latest: (_, [first]) => first } },
)

export const noTimeStamp = bug(
  {
    name: 'no-time-stamp',
    fault: 'who adopts a proposal does not note in which round',
    source: 'C4',
    depth: 3,
    violates: agreement,
  },
  { rules: { adopt: (_, value) => ({ value, ts: 0 }) } },
)

export const notAdopted = bug(
  {
    name: 'not-adopted',
    fault: 'a process acknowledges a proposal and keeps its own estimate',
    source: 'C9',
    depth: 1,
    violates: agreement,
  },
  { rules: { adopt: (_, _value, _round, held) => held } },
)

export const lateProposal = bug(
  {
    name: 'late-proposal',
    fault: 'a process adopts and acknowledges the proposal of a round that it has left',
    source: 'C10',
    depth: 2,
    violates: agreement,
  },
  {
    receive: {
      proposal(original, message, s, me, from) {
        const { round, value } = message
        if (round >= s.round || s.phase === 'done') return original(message, s, me, from)
        s.estimate = me.rules.adopt(value, round, s.estimate)
        me.send(from, { kind: 'ack', round })
      },
    },
  },
)

export const earliestEstimate = bug(
  {
    name: 'earliest-estimate',
    fault: 'a coordinator proposes the estimate that was adopted first, not last',
    source: 'C11',
    depth: 2,
    violates: agreement,
  },
  { rules: { latest: (_, estimates) => estimates.toSorted((e, f) => e.ts - f.ts)[0] } },
)

export const onlyTheUnsuspected = bug(
  {
    name: 'only-the-unsuspected',
    fault: 'a coordinator waits for whom it does not suspect, as if its detector never erred, and not for a majority',
    source: 'C8; Chandra and Toueg, Figure 5, waits so, with S',
    depth: 2,
    violates: agreement,
  },
  {
    rules: {
      enough: (_, heard, { processes, suspects }) => processes.every((q) => heard.includes(q) || suspects.has(q)),
    },
  },
)

export const nackIgnored = bug(
  {
    name: 'nack-ignored',
    fault: 'a coordinator that is refused waits on',
    source: 'Figure 6, Phase 4, without its second half',
    depth: 2,
    violates: termination,
  },
  { receive: { nack() {} } },
)

export const earlyDropped = bug(
  {
    name: 'early-dropped',
    fault: 'an estimate for a round that the coordinator has not reached is dropped',
    source: 'C6 in its effect: somebody waits for what was sent once',
    depth: 1,
    violates: termination,
  },
  {
    receive: {
      estimate(original, message, s, me, from) {
        if (message.round <= s.round) original(message, s, me, from)
      },
    },
  },
)

export const notRelayed = bug(
  {
    name: 'not-relayed',
    fault: 'a process decides, and tells nobody',
    source: 'C6',
    depth: 2,
    violates: termination,
  },
  {
    receive: {
      decision(original, message, s, me) {
        original(message, s, me, me.self)
      },
    },
  },
  chandraTouegRelaying,
)

// ── Benign variants ──────────────────────────────────────────────────────────

export const lastOfEquals = bug(
  {
    name: 'last-of-equals',
    fault: 'of several estimates that were adopted last, a coordinator proposes the one that arrives last',
    source: 'look-alike of C3',
  },
  { rules: { latest: (original, estimates) => original(estimates.toReversed()) } },
)

export const theUnsuspectedToo = bug(
  {
    name: 'the-unsuspected-too',
    fault: 'a coordinator waits for a majority, and for whom it does not suspect as well',
    source: 'look-alike of C8',
  },
  {
    rules: {
      enough: (original, heard, me) =>
        original(heard, me) && me.processes.every((q) => heard.includes(q) || me.suspects.has(q)),
    },
  },
)

export const decidesLoudly = bug(
  {
    name: 'decides-loudly',
    fault: 'a coordinator announces its decision twice',
    source: 'M7',
  },
  {
    rules: {
      spread(original, value, me) {
        original(value, me)
        original(value, me)
      },
    },
  },
  chandraTouegRelaying,
)
