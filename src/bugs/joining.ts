/** Replicas that join and leave, wrong by a line: at the donor, at the joiner, or in what the group agrees on. */
import type { Target } from '../kernel/target.ts'
import { activeJoining, activeStopAndCopy, passiveJoining } from '../protocols/index.ts'
import type { Joining, State } from '../protocols/joining.ts'
import type { OnlineTransfer, State as Transfer } from '../protocols/online-transfer.ts'
import { beneath, type Variant, variant } from './mutant.ts'

type Transferring = Parameters<typeof beneath<OnlineTransfer, Transfer>>[3]

/** Wrong in how state is transferred. */
const bug = (how: Variant, change: Transferring, reference = activeJoining): Target =>
  beneath<OnlineTransfer, Transfer>(reference, 'group', how, change)

/** Wrong in what a replica makes of it. */
const replicaBug = (
  how: Variant,
  change: Parameters<typeof variant<Joining, State>>[2],
  reference = activeJoining,
): Target => variant<Joining, State>(reference, how, change)

const cut = 'Integration: Cut'
const continuity = 'Integration: Continuity'
const silence = 'Integration: Silence'
const completion = 'Integration: Completion'
const freshIncarnation = 'Integration: Fresh Incarnation'

// ── Snapshots ────────────────────────────────────────────────────────────────

export const noAnswers = replicaBug(
  {
    name: 'no-answers',
    fault: 'a snapshot has the variables, but not which requests have been answered',
    source: 'I4',
    depth: 0,
    violates: cut,
  },
  { rules: { snapshot: (original, technique, s) => original(technique, s).filter(([what]) => what !== 'answer') } },
)
