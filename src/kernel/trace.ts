/** What is seen of a run: traces, and their hash. */
import { createHash } from 'node:crypto'
import type { Action, Process } from '../../spec/language.ts'
import type { Input } from './host.ts'
import type { Ticks } from './module.ts'
import { fingerprint } from './plain.ts'
import type { Address } from './schedule.ts'

/**
 * What is said to have happened at a process: `propose`, `decide`, `broadcast`, `deliver`, `abcast`, `adeliver`,
 * `lead`, `append`, `commit`, … The actions of the specifications are the vocabulary, for adapters too.
 */
export type Observation = Action

/**
 * One thing that happened. An activation is one delivery, timer, request, output of a service or change of a failure
 * detector at a process; its event is followed by those of its effects.
 */
export interface TraceEvent {
  /** Counts the activations of the run, from 1. */
  readonly activation: number
  readonly time: Ticks
  readonly at: Process
  /** How often this process has been started before. */
  readonly incarnation: number
  readonly what:
    | {
        readonly kind: 'activation'
        readonly address: Address
        /** The activation in which this step was caused; 0: none. */
        readonly cause: number
        readonly input: Input
        /** It comes of a background timer, or of a message that was sent because of one. */
        readonly background?: true
      }
    | {
        readonly kind: 'send'
        readonly to: Process
        readonly address: Address
        readonly omitted?: 'by sender' | 'by receiver' | 'by link'
        /** It says what the adversary has put into it. */
        readonly lie?: true
      }
    | { readonly kind: 'observation'; readonly layer: string; readonly instance?: number; readonly action: Observation }
    | { readonly kind: 'fault'; readonly fault: 'crash' | 'recover' | 'cut' | 'heal' | 'pause' | 'resume' | 'gst' }
}

/** What becomes of a step once it is offered. */
export type Fate = 'pending' | 'held' | 'omitted by sender' | 'omitted by receiver' | 'omitted by link'

export type Trace = readonly TraceEvent[]

/** What is the same whenever a run is repeated: all but what a program that fails has printed. */
export const repeatable = (trace: Trace): Trace =>
  trace.map((event) => {
    const { what } = event
    if (what.kind !== 'observation' || what.layer !== 'process' || !('aside' in what.action)) return event
    const { aside: _, ...action } = what.action as Action & { readonly aside: unknown }
    return { ...event, what: { ...what, action } }
  })

/** Equal hashes, equal runs: what happened, where, when, in which order. */
export const traceHash = (trace: Trace): string =>
  createHash('sha256')
    .update(fingerprint(repeatable(trace)))
    .digest('hex')
    .slice(0, 16)
