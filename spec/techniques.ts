/**
 * Techniques of replication, as rows of one table: through which phases each of them takes a request, who takes part,
 * what it asks of the replicas and what it gives to the clients.
 *
 * M. Wiesmann, F. Pedone, A. Schiper, B. Kemme and G. Alonso. Understanding
 * Replication in Databases and Distributed Systems. ICDCS 2000.
 * Semi-passive replication is that of X. Défago, A. Schiper and N. Sergent.
 * Semi-Passive Replication. SRDS 1998.
 */

// ── Phases ───────────────────────────────────────────────────────────────────

/** The five phases of the functional model, and what each is called in full. */
export const phases = {
  RE: 'request',
  SC: 'server coordination',
  EX: 'execution',
  AC: 'agreement coordination',
  END: 'response',
} as const
export type Phase = keyof typeof phases

/** In which order a technique goes through phases, as a regular expression over them: `RE SC (EX AC?)+ END`. */
export type Pattern = string

const arrangements = <T>(from: readonly T[]): T[][] => [
  [],
  ...from.flatMap((x) => arrangements(from.filter((y) => y !== x)).map((rest) => [x, ...rest])),
]

/** All orders in which some of the phases, or all of them, may be entered for the first time. */
const orders = arrangements(Object.keys(phases) as Phase[])

/** The orders in which a pattern lets phases be entered for the first time. What is entered again goes without saying. */
export function ways(pattern: Pattern): readonly (readonly Phase[])[] {
  const entered = new Set<string>()
  const expression = pattern.replaceAll(/[A-Z]+/g, (phase) => {
    const again = entered.has(phase)
    entered.add(phase)
    return `(?:${phase};)${again ? '?' : ''}`
  })
  const whole = new RegExp(`^${expression.replaceAll(' ', '')}$`)
  return orders.filter((order) => whole.test(order.map((phase) => `${phase};`).join('')))
}

/**
 * Whether replicas coordinate before the client has its response, in whatever way the pattern is gone through. Strong
 * consistency needs it. J. Gray, P. Helland, P. O'Neil and D. Shasha call this eager (The Dangers of Replication and a
 * Solution, SIGMOD 1996).
 */
export const isEager = (pattern: Pattern): boolean =>
  ways(pattern).every((word) => word.slice(0, word.indexOf('END')).some((phase) => phase === 'SC' || phase === 'AC'))

// ── The table ────────────────────────────────────────────────────────────────

/** Who takes part in a phase: every replica, or one of them, by its role. */
export type Role = 'all' | 'primary' | 'delegate' | 'coordinator'

export interface Technique {
  readonly name: string
  readonly field: 'distributed systems' | 'databases'
  /** The phases of a request with one operation, and of a transaction with several. */
  readonly operation: Pattern
  readonly transaction: Pattern
  /** Whom the request is for, who executes it, and who responds. */
  readonly RE: Role
  readonly EX: Role
  readonly END: Role
  /** By which means all replicas coordinate before and after execution, where they do. */
  readonly SC?: string
  readonly AC?: string
  /** Whether execution has to be deterministic. */
  readonly determinism: 'needed' | 'not needed' | 'of certification'
  readonly consistency: 'strong' | 'weak'
  /** Whether a client does not notice that the replica fails which takes care of its request. */
  readonly transparent: boolean
}

export const techniques: readonly Technique[] = [
  {
    name: 'active',
    field: 'distributed systems',
    operation: 'RE SC EX END',
    transaction: 'RE SC EX END',
    RE: 'all',
    SC: 'atomic broadcast of the request',
    EX: 'all',
    END: 'all',
    determinism: 'needed',
    consistency: 'strong',
    transparent: true,
  },
  {
    name: 'passive',
    field: 'distributed systems',
    operation: 'RE EX AC END',
    transaction: 'RE EX AC END',
    RE: 'primary',
    EX: 'primary',
    AC: 'view-synchronous or atomic broadcast of the update',
    END: 'primary',
    determinism: 'not needed',
    consistency: 'strong',
    transparent: false,
  },
  {
    name: 'semi-active',
    field: 'distributed systems',
    operation: 'RE SC (EX AC?)+ END',
    transaction: 'RE SC (EX AC?)+ END',
    RE: 'all',
    SC: 'atomic broadcast of the request',
    EX: 'all',
    AC: "view-synchronous broadcast of the leader's choices",
    END: 'all',
    determinism: 'not needed',
    consistency: 'strong',
    transparent: true,
  },
  {
    name: 'semi-passive',
    field: 'distributed systems',
    operation: 'RE EX AC END',
    transaction: 'RE EX AC END',
    RE: 'all',
    EX: 'coordinator',
    AC: 'consensus with deferred initial values',
    END: 'all',
    determinism: 'not needed',
    consistency: 'strong',
    transparent: true,
  },
  {
    name: 'eager-primary-copy',
    field: 'databases',
    operation: 'RE EX AC END',
    transaction: 'RE (EX AC)+ AC END',
    RE: 'primary',
    EX: 'primary',
    AC: 'propagation of changes, and two-phase commit',
    END: 'primary',
    determinism: 'not needed',
    consistency: 'strong',
    transparent: false,
  },
  {
    name: 'eager-everywhere-locking',
    field: 'databases',
    operation: 'RE SC EX AC END',
    transaction: 'RE (SC EX)+ AC END',
    RE: 'delegate',
    SC: 'locks at all replicas',
    EX: 'all',
    AC: 'two-phase commit',
    END: 'delegate',
    determinism: 'not needed',
    consistency: 'strong',
    transparent: false,
  },
  {
    name: 'eager-everywhere-abcast',
    field: 'databases',
    operation: 'RE SC EX END',
    transaction: 'RE SC EX END',
    RE: 'delegate',
    SC: 'atomic broadcast of the transaction',
    EX: 'all',
    END: 'delegate',
    determinism: 'needed',
    consistency: 'strong',
    transparent: false,
  },
  {
    name: 'certification',
    field: 'databases',
    operation: 'RE EX AC END',
    transaction: 'RE EX+ AC END',
    RE: 'delegate',
    EX: 'delegate',
    AC: 'atomic broadcast of what was read and written, and certification',
    END: 'delegate',
    determinism: 'of certification',
    consistency: 'strong',
    transparent: false,
  },
  {
    name: 'lazy-primary-copy',
    field: 'databases',
    operation: 'RE EX END AC',
    transaction: 'RE EX+ END AC',
    RE: 'primary',
    EX: 'primary',
    AC: 'propagation of changes',
    END: 'primary',
    determinism: 'not needed',
    consistency: 'weak',
    transparent: false,
  },
  {
    name: 'lazy-everywhere',
    field: 'databases',
    operation: 'RE EX END AC',
    transaction: 'RE EX+ END AC',
    RE: 'delegate',
    EX: 'delegate',
    AC: 'propagation of changes, and reconciliation',
    END: 'delegate',
    determinism: 'not needed',
    consistency: 'weak',
    transparent: false,
  },
]
