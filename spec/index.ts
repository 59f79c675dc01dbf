/** The definitions, by name. */
export { AtomicBroadcast } from './atomic-broadcast.ts'
export { Consensus } from './consensus.ts'
export * from './language.ts'
export { Raft } from './raft.ts'
export { ReliableBroadcast } from './reliable-broadcast.ts'
