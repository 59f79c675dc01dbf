/** What a campaign is asked to do. */
import type { Policy } from '../adversary/index.ts'
import type { Target } from '../kernel/target.ts'

export interface Plan {
  readonly seed: number
  /** The numbers of processes, taken in turn. */
  readonly processes: readonly number[]
  readonly policy: Policy
  /** The properties that count, as `Specification: Property`; absent: all of the target's specifications. */
  readonly properties?: readonly string[]
  /** Steps outside of the target's assumptions. */
  readonly beyond: boolean
}

/** How a thread finds a target: a module, and the name of one of the targets that it exports. */
export interface Reference {
  readonly url: string
  readonly name: string
}

/**
 * Run i of a campaign: its number of processes, and its number among the runs with so many. The first number, the usual
 * one, gets every second run: small groups find most.
 */
export function place({ processes }: Plan, i: number): { readonly n: number; readonly index: number } {
  const [usual, ...others] = processes
  const half = Math.floor(i / 2)
  if (others.length === 0) return { n: usual!, index: i }
  if (i % 2 === 0) return { n: usual!, index: half }
  return { n: others[half % others.length]!, index: Math.floor(half / others.length) }
}

/** A target whose adversary knows no mercy: everybody may fail, crash and omit, links lose and duplicate. */
export const beyond = (target: Target): Target => ({
  ...target,
  assumptions: {
    ...target.assumptions,
    faulty: 'all but one',
    crashes: true,
    omissions: 'general',
    links: 'fair-loss',
    duplicates: true,
    fifo: false,
    suspicions: target.assumptions.suspicions === 'none' ? 'none' : 'eventually accurate',
  },
})
