/** Failure detectors by heartbeats, wrong by a line. */
import type { Target } from '../kernel/target.ts'
import type { Heartbeat, State } from '../protocols/heartbeat.ts'
import { heartbeatTarget } from '../protocols/index.ts'
import { type Variant, variant } from './mutant.ts'

const bug = (how: Variant, change: Parameters<typeof variant<Heartbeat, State>>[2]): Target =>
  variant<Heartbeat, State>(heartbeatTarget, how, change)

const completeness = 'Eventually Perfect Detector: Strong Completeness'
const accuracy = 'Eventually Perfect Detector: Eventual Strong Accuracy'

export const wrongsNobodyTwice = bug(
  {
    name: 'wrongs-nobody-twice',
    fault: 'whom a process has suspected too early it never suspects again, not even if it crashes',
    source: 'Chandra and Toueg, JACM 43(2), 1996, Figure 10: the time-out period of q grows, and ends all the same',
    depth: 2,
    violates: completeness,
  },
  {
    expire: {
      beat(original, timer, s, me) {
        original(timer, s, me)
        for (const q of s.timeouts.keys()) s.silence.set(q, 0)
      },
    },
  },
)

export const fixedTimeout = bug(
  {
    name: 'fixed-time-out',
    fault: 'the time-out stays as it is after a false suspicion, which is too short for ever where delays are longer',
    source: 'Chandra and Toueg, JACM 43(2), 1996, Figure 10: p increases its time-out period for q',
    depth: 0,
    violates: accuracy,
  },
  { rules: { longer: (_, timeout) => timeout } },
)

export const startsAnew = bug(
  {
    name: 'starts-anew',
    fault: 'at each heartbeat all are suspected anew, and who was heard of is trusted again in the same activation',
    source: 'assumed to be harmless, since nobody who is heard of stays suspected',
    depth: 0,
    violates: accuracy,
  },
  {
    expire: {
      beat(original, timer, s, me) {
        const heard = me.processes.filter((q) => q !== me.self && !s.suspects.has(q))
        for (const q of heard) me.indicate({ kind: 'suspect', of: q })
        for (const q of heard) me.indicate({ kind: 'trust', of: q })
        original(timer, s, me)
      },
    },
  },
)
