/** What happened in a run when a step was taken, better than the address of the step says it. */
import { match } from 'ts-pattern'
import type { Trace } from '../kernel/trace.ts'
import type { Vocabulary } from './vocabulary.ts'
import { takenInWords, thirdPerson } from './words.ts'

/** What the activation that stands at this place of the trace is remembered for: `decides v2`. */
export function toldAt(trace: Trace, place: number, words: Vocabulary): string | undefined {
  const step = trace[place]
  if (step?.what.kind !== 'activation') return undefined
  for (let i = place + 1; trace[i]?.activation === step.activation; i++) {
    const { what } = trace[i]!
    if (what.kind !== 'observation') continue
    const said = words.observation(what.layer, what.action, what.instance)
    // `throws` is a sentence already. A layer may stand before the verb: `broadcast.delivers a`.
    return what.layer === 'process' && what.action.kind === 'throw'
      ? said
      : said.replace(/^((?:[\w-]+\.)?)([\w-]+)/, (_, layer: string, verb: string) => layer + thirdPerson(verb))
  }
  return match(step.what.input)
    .with(
      { kind: 'receive' },
      ({ layer, message, instance, from }) => `receives ${words.message(layer, message, instance)} from ${from}`,
    )
    .with({ kind: 'suspect' }, ({ of }) => `suspects ${of}`)
    .with({ kind: 'trust' }, ({ of }) => `trusts ${of} again`)
    .otherwise(() => undefined)
}

/** What the step of this address was in this run: `p2 decides v2 (27)`. */
export function landmark(trace: Trace, address: string, words: Vocabulary): string | undefined {
  const place = trace.findIndex(({ what }) => what.kind === 'activation' && what.address === address)
  const step = trace[place]
  if (step?.what.kind !== 'activation') return undefined
  const { activation, at, what } = step
  const told = toldAt(trace, place, words)
  if (told !== undefined) return `${at} ${told} (${activation})`
  const { input } = what
  const happened =
    input.kind === 'timer'
      ? `${at}'s timer ${words.message(input.layer, input.timer, input.instance)} expires`
      : takenInWords(address)
  return `${happened} (${activation})`
}
