/** The definitions, by name. */
export { AtomicBroadcast } from './atomic-broadcast.ts'
export { CausalBroadcast } from './causal-broadcast.ts'
export { Consensus } from './consensus.ts'
export { EventuallyP, EventuallyS, Omega, P, S } from './failure-detectors.ts'
export { FifoBroadcast } from './fifo-broadcast.ts'
export { functionalModel } from './functional-model.ts'
export { integration } from './integration.ts'
export * from './language.ts'
export { LazyConsensus } from './lazy-consensus.ts'
export { linearizability, linearize, operations } from './linearizability.ts'
export {
  anything,
  type Call,
  type Chance,
  define,
  execute,
  natural,
  type ObjectFunction,
  type Outcome,
  oneOf,
  type ReplicatedObject,
  snapshot,
  text,
  updated,
  type Variables,
} from './object.ts'
export * as objects from './objects/index.ts'
export { Raft } from './raft.ts'
export { ReliableBroadcast } from './reliable-broadcast.ts'
export { replication } from './replication.ts'
export { type Technique, techniques } from './techniques.ts'
export { UniformReliableBroadcast } from './uniform-reliable-broadcast.ts'
export { ViewSynchronousBroadcast } from './view-synchronous-broadcast.ts'
