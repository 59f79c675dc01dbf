/** What has a name: the targets, and the specifications. */
import * as specs from '../../spec/index.ts'
import { Process } from '../../spec/no-crash.ts'
import { bugs } from '../bugs/index.ts'
import type { Target } from '../kernel/target.ts'
import { protocols } from '../protocols/index.ts'

export const targets: readonly Target[] = [...protocols, ...bugs]

/** Those of a replicated service are the same for every object, and for every technique. */
export const specifications: readonly specs.Specification[] = [
  specs.Consensus,
  specs.LazyConsensus,
  specs.P,
  specs.S,
  specs.EventuallyP,
  specs.EventuallyS,
  specs.Omega,
  specs.ReliableBroadcast,
  specs.UniformReliableBroadcast,
  specs.FifoBroadcast,
  specs.CausalBroadcast,
  specs.AtomicBroadcast,
  specs.ViewSynchronousBroadcast,
  specs.replication(specs.objects.register),
  specs.integration(specs.objects.register),
  specs.linearizability(specs.objects.register),
  specs.functionalModel(specs.techniques[0]!),
  specs.Raft,
  Process,
]

/** Where workers find the targets. */
export const url = import.meta.url
