/** Techniques of replication as targets: of any service, over each order that they may stand on. */
import { AtomicBroadcast, type ReplicatedObject, replication } from '../../../spec/index.ts'
import type { Module } from '../../kernel/module.ts'
import type { Assumptions, Stack, Target } from '../../kernel/target.ts'
import { invocations } from '../../kernel/workload.ts'
import { client } from '../client.ts'
import { type Recoverable, recovering } from '../recovering.ts'
import { asynchronous } from './assumptions.ts'
import { lies } from './lies.ts'
import type { Service } from './services.ts'

/** A way to replicate an object over atomic broadcast. */
export interface Technique {
  /** Of its layer, too: `active`. */
  readonly name: string
  readonly source: string
  readonly module: (object: ReplicatedObject) => Module
  /** How its replicas come back from disk, where the order below does. */
  readonly recoverable: (object: ReplicatedObject) => Recoverable
  /** What it listens to, where the order below needs nothing. */
  readonly detector: Assumptions['detector']
  readonly because: Target['because']
}

/** A replicated service over an atomic broadcast; `over`: a target that is one, or none for any. */
export function replicated(technique: Technique, name: string, { object, draw }: Service, over?: Target): Target {
  const assumptions = over?.assumptions ?? { ...asynchronous, faulty: 'all but one', omissions: 'general' }
  const recovers = assumptions.recovery !== 'none'
  return {
    name,
    kind: 'protocol',
    says: `${technique.name} replication of a ${object.name}, over ${over?.says ?? 'any atomic broadcast'}`,
    source: technique.source,
    specifications: {
      [technique.name]: replication(object),
      ...(over === undefined ? { abcast: AtomicBroadcast } : over.specifications),
    },
    processes: [3, 2, 4, 5],
    assumptions: {
      ...assumptions,
      detector: assumptions.detector === 'none' ? technique.detector : assumptions.detector,
    },
    because: {
      ...over?.because,
      ...technique.because,
      omissions: over?.because.omissions ?? 'assumed: the order below has no gaps, and clients ask another replica',
      ...(recovers ? { recovery: 'assumed: what a replica knows, and its place in the order, are one write' } : {}),
      duplicates: 'Frølund and Guerraoui: a request has a name, and takes effect once',
    },
    mustSee: [
      ...(assumptions.faulty === 'none' ? [] : ['crash']),
      ...(recovers ? ['recover', 'install'] : []),
      ...['invoke', 'apply', 'reply'],
    ],
    workload: invocations(draw),
    client: client(technique.name),
    lies: { [technique.name]: lies({ object, draw }) },
    system: {
      module: recovers ? recovering(technique.recoverable(object)) : technique.module(object),
      below: { abcast: (over?.system as Stack | undefined) ?? AtomicBroadcast },
    },
  }
}
