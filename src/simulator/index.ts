/** The world around the code under test, and the code that runs in it. */
export { Lab, limitsOf, type Recording } from './lab.ts'
export { Ledger } from './ledger.ts'
export { type Entry, Recorder } from './recorder.ts'
export { Service } from './service.ts'
export { type Limits, type Outcome, simulate } from './simulate.ts'
export { StackHost } from './stack.ts'
export { type Fault, Step } from './step.ts'
export { type Adversary, latency, type Scenario, type Snapshot, type Watch, World } from './world.ts'
