/** Targets: systems under test, with what they promise and under which assumptions. */
import type { Action, Specification } from '../../spec/language.ts'
import type { Host } from './host.ts'
import type { Module } from './module.ts'
import type { Random } from './random.ts'
import type { Request, Side } from './schedule.ts'

/** What a target tolerates. The adversary stays inside; `--beyond` steps outside. */
export interface Assumptions {
  /** How many processes may be faulty: crash, or omit, or lie, or more than one of these. */
  readonly faulty: 'none' | 'minority' | 'all but one' | number
  readonly crashes: boolean
  /**
   * Whether a crashed process may start again: not at all; with amnesia, from what it has written, though others count on
   * more, so that no more may crash than may be faulty; or from its stable storage, as if it had only been slow, so that
   * all may crash, at once or in turn, if from GST on enough of them are up.
   */
  readonly recovery: 'none' | 'amnesia' | 'stable'
  readonly omissions: 'none' | 'send' | 'receive' | 'general'
  /**
   * Reliable: what was sent arrives. Quasi-reliable: it arrives if sender and receiver are correct, so that the last
   * messages of a process that crashes may be lost. Fair-loss: any message may be lost until GST, those of clients too, and a cut loses what
   * crosses it.
   */
  readonly links: 'reliable' | 'quasi-reliable' | 'fair-loss'
  readonly duplicates: boolean
  /** Whether links keep the order of what they carry; of the last messages of a process the very last ones are lost then. */
  readonly fifo: boolean
  /**
   * The class of the failure detector that the code listens to, if it does (`spec/failure-detectors.ts`). Ω suspects
   * everybody but the leader. An unreliable one promises nothing: what it says at GST it says to the end.
   */
  readonly detector: 'none' | 'P' | 'S' | '◇P' | '◇S' | 'Ω' | 'unreliable'
  /**
   * Whether the clocks of processes may run at different speeds: what they show, and how long timers take. Without it, too,
   * whatever a process is to do may be late until GST, a timer as well: who must not act after a time looks at a clock.
   */
  readonly drift: boolean
  /** Whether a faulty process may lie, as often as it likes; what it can say is told by the target. */
  readonly lies?: boolean
}

/** What a value-faulty process can say in a layer: instead of a message that it sends, and in answer to one that it receives. */
export type Lies = Readonly<Record<Side, (message: Action) => readonly Action[]>>

/** What there is to say of a message in the lies of a target: nothing in a layer that has none. */
export const liesAbout = (
  lies: NonNullable<Target['lies']>,
  { layer, message }: { readonly layer: string; readonly message: Action },
  side: Side,
): readonly Action[] => (Object.hasOwn(lies, layer) ? lies[layer]![side](message) : [])

/** A module over what it stands on: for each layer below another stack, or a specification that runs as a service. */
export interface Stack {
  readonly module: Module
  readonly below: Readonly<Record<string, Stack | Specification>>
  /** A failure detector for the whole stack, instead of an oracle; of the top layer's stack only. */
  readonly detector?: Stack
}

/**
 * Something that is under way at a process from one kind of observation to another, as a join is, and that a fault is to
 * fall into.
 */
export interface Window {
  /** What it is called: `the transfer of the state`. */
  readonly name: string
  readonly opens: string
  readonly closes: string
  /** In which share of the runs of a campaign there must be a fault within one, for its silence to mean anything. */
  readonly share: number
}

/** The counter of the runs in which a fault falls into a window. */
export const faultIn = ({ name }: Window): string => `fault in ${name}`

/** The counter of the runs in which the adversary has had its share of the bound before a client received a reply. */
export const spentEarly = 'GST before a reply'

/** What only befalls processes: whatever they say themselves, it is counted when it is done to them. */
export const faults: ReadonlySet<string> = new Set([
  'crash',
  'last words',
  'recover',
  'omission',
  'loss',
  'lie',
  'duplicate',
  'cut',
  'heal',
  'pause',
  'resume',
  'skew',
])

export interface Target {
  readonly name: string
  readonly kind: 'protocol' | 'mutant' | 'benign-variant' | 'adapter'
  /** One line: what this is. */
  readonly says: string
  /** Paper, section, or issue where this comes from. */
  readonly source: string
  /** Which specification judges the observations of which layer. */
  readonly specifications: Readonly<Record<string, Specification>>
  /** `Specification: Property` that a mutant violates. */
  readonly violates?: string
  /** The numbers of processes that it can be run with, the usual one first. */
  readonly processes: readonly number[]
  readonly assumptions: Assumptions
  /** For each assumption the line of the documentation that states it, or `assumed` and why. */
  readonly because: Partial<Readonly<Record<keyof Assumptions, string>>>
  /** What a campaign must have exercised for its silence to mean anything: names of counters, observations included. */
  readonly mustSee: readonly string[]
  readonly window?: Window
  /** What the environment asks in a run. */
  readonly workload: (random: Random, processes: readonly string[]) => readonly Request[]
  /** Activations after which a run is called inconclusive; default 2,000. */
  readonly bound?: number
  /**
   * What each client runs, where clients are part of the system: a module that exchanges messages with the layer of its
   * name. Clients do not fail, and no cut concerns them. Whatever a request is for that is no process is such a client.
   */
  readonly client?: Module
  /** What processes can say that is not true, if they may lie: by layer, as others may call their messages alike. */
  readonly lies?: Readonly<Record<string, Lies>>
  /** What runs: a stack of modules, or whatever makes a host. */
  readonly system: Stack | ((processes: number) => Host | Promise<Host>)
}

/** Whether a process may be suspected that has not failed. */
export const mayErr = ({ detector }: Assumptions): boolean => detector !== 'none' && detector !== 'P'

/** Whether all processes may crash. Where detectors are S one has never been suspected, and so never crashed. */
export const mayAllCrash = ({ faulty, crashes, recovery, detector }: Assumptions): boolean =>
  crashes && faulty !== 'none' && faulty !== 0 && recovery === 'stable' && detector !== 'S'

/** How many of n processes may be faulty. */
export function tolerated({ faulty }: Assumptions, n: number): number {
  if (typeof faulty === 'number') return Math.min(faulty, n)
  return { none: 0, minority: Math.ceil(n / 2) - 1, 'all but one': n - 1 }[faulty]
}
