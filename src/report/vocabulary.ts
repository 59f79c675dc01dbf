/** What the messages and observations of one run are called: by their layer too where kinds alone would be ambiguous. */
import type { Action } from '../../spec/language.ts'
import type { Address } from '../kernel/schedule.ts'
import type { Trace } from '../kernel/trace.ts'
import { actionInWords, messageInWords, parts } from './words.ts'

export interface Vocabulary {
  observation(layer: string, action: Action, instance: number | undefined): string
  message(layer: string, message: Action, instance: number | undefined): string
  /** The message that was sent under this address. What nobody has received, the trace knows by its kind only. */
  sent(address: Address): { readonly words: string; readonly received: boolean }
}

export function vocabulary(trace: Trace): Vocabulary {
  const layers = new Map<string, Set<string>>()
  const learn = (layer: string, kind: string) => layers.set(kind, (layers.get(kind) ?? new Set()).add(layer))
  const received = new Map<Address, string>()
  for (const { what } of trace) {
    if (what.kind === 'observation') learn(what.layer, what.action.kind)
    else if (what.kind === 'activation' && what.input.kind === 'receive')
      learn(what.input.layer, what.input.message.kind)
  }
  const name = (layer: string, kind: string) =>
    (layers.get(kind)?.size ?? 0) > 1 && layer !== '' ? `${layer}.${kind}` : kind
  const message: Vocabulary['message'] = (layer, action, instance) =>
    messageInWords(action, name(layer, action.kind), instance)
  for (const { what } of trace)
    if (what.kind === 'activation' && what.input.kind === 'receive')
      received.set(what.address, message(what.input.layer, what.input.message, what.input.instance))
  return {
    message,
    observation: (layer, action, instance) =>
      layer === 'process' && action.kind === 'throw'
        ? thrown(action)
        : actionInWords(action, name(layer, action.kind), instance),
    sent: (address) => {
      const words = received.get(address)
      if (words !== undefined) return { words, received: true }
      const it = parts(address)
      const full = it.kind === 'message' ? it.name : address
      const [, layer = '', rest = full] = /^([^.]*)\.(.*)$/.exec(full) ?? []
      const [kind = rest] = rest.split('[')
      return { words: name(layer, kind) === kind ? rest : full, received: false }
    },
  }
}

/** The code under test has failed: the first line of its error, which already names the process. */
const thrown = (action: Action & { readonly error?: unknown }): string =>
  `throws ${String(action.error ?? '')
    .split('\n')[0]!
    .replace(/^\S+ throws /, '')}`
