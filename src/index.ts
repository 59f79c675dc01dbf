/** What other code imports from onecopy. */

export * as specifications from '../spec/index.ts'
export type {
  Abstraction,
  Action,
  Automaton,
  History,
  Located,
  Process,
  Property,
  Specification,
  Violation,
} from '../spec/language.ts'
export { because, deferred, liveness, safety, specification } from '../spec/language.ts'
export { linearizability, misplaced, type Operation } from '../spec/linearizability.ts'
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
  type Parameter,
  type ReplicatedObject,
  snapshot,
  text,
  updated,
  type Variables,
} from '../spec/object.ts'
export * as objects from '../spec/objects/index.ts'
export { replication } from '../spec/replication.ts'
export type { Plain } from '../spec/values.ts'
export {
  HistoryError,
  jepsenHistory,
  keyValueMeanings,
  type Meanings,
  operations,
  registerMeanings,
} from './adapters/histories/index.ts'
export { type Driver, type Handlers, inProcess, type Replica } from './adapters/in-process/index.ts'
export { invariant, type Moments, type States, type Window, withInvariants } from './adapters/states.ts'
export { serve, stdio } from './adapters/stdio.ts'
export { type Policy, policies } from './adversary/index.ts'
export type { CoverageResult, Place, Progress, PropertyResult, Shard } from './campaign/index.ts'
export { checkLinearizability, type Judgement, type Limits } from './checkers/linearizability.ts'
export type { Counterexample, Replay } from './kernel/counterexample.ts'
export { AdapterFailure, type Host, type Input, type Sink, TargetFailure } from './kernel/host.ts'
export { type Change, type Context, type Module, mutate, type Port, type Shape } from './kernel/module.ts'
export { Random } from './kernel/random.ts'
export type { Address, Deviation, Moment, Request, Schedule, Side } from './kernel/schedule.ts'
export type { Assumptions, Lies, Stack, Target } from './kernel/target.ts'
export type { Trace, TraceEvent } from './kernel/trace.ts'
export type { Finding, Verdict } from './kernel/verdict.ts'
export { everybodyProposes, invocations, messages } from './kernel/workload.ts'
export { type CheckOptions, type CheckResult, check, type Earlier } from './library/check.ts'
export { type Config, type Configuration, defineConfig, readConfig } from './library/config.ts'
export {
  type Laboratory,
  type LaboratoryOptions,
  laboratory,
  type Ran,
  type Smallest,
  Undecided,
  Violated,
} from './library/laboratory.ts'
export { type Mutation, mutant } from './library/mutant.ts'
export { UsageError, type Whereabouts } from './library/names.ts'
export { type ReplayResult, replay } from './library/replay.ts'
export type { Corpus } from './library/schedules.ts'
export { type ActiveReplication, activeReplication } from './protocols/active-replication.ts'
export { type Client, type Conversation, client } from './protocols/client.ts'
export { heartbeat } from './protocols/heartbeat.ts'
export { active } from './protocols/targets/active-replication.ts'
export { lies } from './protocols/targets/lies.ts'
export type { Service } from './protocols/targets/services.ts'
export { voting } from './protocols/targets/voting.ts'
export { type VotingClient, votingClient } from './protocols/voting-client.ts'
export { StackHost } from './simulator/index.ts'
export { version } from './version.ts'
