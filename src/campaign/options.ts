/** What a campaign is asked to do. */
import type { Policy } from '../adversary/index.ts'
import type { Assumptions, Target } from '../kernel/target.ts'

export interface Plan {
  readonly seed: number
  /** The numbers of processes, taken in turn. */
  readonly processes: readonly number[]
  readonly policy: Policy
  /** The properties that count, as `Specification: Property`; absent: all of the target's specifications. */
  readonly properties?: readonly string[]
  /** Steps outside of the target's assumptions. */
  readonly beyond: boolean
  /** Runs that come before all others. */
  readonly first?: readonly Place[]
  /** Looks which abstract states of the specifications the runs come to. */
  readonly covers?: boolean
  /** Which of the runs; absent: all. */
  readonly shard?: Shard | undefined
}

/** Every `of`-th run, from the one with this index on: the shards together are all runs, and no run twice. */
export interface Shard {
  readonly index: number
  readonly of: number
}

/** The number of the j-th run that a plan has, among all runs of the campaign. */
export const numberOf = ({ shard: { index, of } = whole }: Plan, j: number): number => j * of + index

/** How many of the first so many runs of the campaign a plan has. */
export const shareOf = ({ shard: { index, of } = whole }: Plan, runs: number): number =>
  Math.max(0, Math.ceil((runs - index) / of))

const whole: Shard = { index: 0, of: 1 }

/** How a thread finds a target: a module, and the name of one of the targets that it exports. */
export interface Reference {
  readonly url: string
  readonly name: string
}

/** Which run it is, whatever the campaign: of a policy and a seed the one with this index among those with n processes. */
export interface Place {
  readonly policy: Policy
  readonly seed: number
  readonly n: number
  readonly index: number
}

/** Run i of a campaign. */
export function place({ policy, seed, processes, first = [] }: Plan, i: number): Place {
  return first[i] ?? { policy, seed, ...turn(processes, i - first.length) }
}

/**
 * The seed of run i, and its number in a campaign of that seed with no others before its own. Who has drawn it does not
 * depend on what a corpus puts before it.
 */
export function origin(
  { seed, processes, first = [] }: Plan,
  i: number,
): { readonly seed: number; readonly run: number } {
  const earlier = first[i]
  return earlier === undefined
    ? { seed, run: i - first.length }
    : { seed: earlier.seed, run: numberOfTurn(processes, earlier) }
}

/** The first number of processes, the usual one, gets every second run: small groups find most. */
function turn([usual, ...others]: readonly number[], i: number): Pick<Place, 'n' | 'index'> {
  const half = Math.floor(i / 2)
  if (others.length === 0) return { n: usual!, index: i }
  if (i % 2 === 0) return { n: usual!, index: half }
  return { n: others[half % others.length]!, index: Math.floor(half / others.length) }
}

/** Of which run it is the turn. */
function numberOfTurn([usual, ...others]: readonly number[], { n, index }: Pick<Place, 'n' | 'index'>): number {
  if (others.length === 0) return index
  return n === usual ? 2 * index : 2 * (index * others.length + others.indexOf(n)) + 1
}

const weaker = (detector: Assumptions['detector']): Assumptions['detector'] =>
  detector === 'P' ? '◇P' : detector === 'S' ? '◇S' : detector

/** A target whose adversary knows no mercy: everybody may fail, crash, omit and, where that is possible, lie; links lose and duplicate. */
export const beyond = (target: Target): Target => ({
  ...target,
  assumptions: {
    ...target.assumptions,
    faulty: 'all but one',
    crashes: true,
    omissions: 'general',
    lies: target.lies !== undefined,
    links: 'fair-loss',
    duplicates: true,
    fifo: false,
    detector: weaker(target.assumptions.detector),
  },
})
