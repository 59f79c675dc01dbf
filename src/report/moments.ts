/** What happened in a run when a step was taken, better than the address of the step says it. */
import { match } from 'ts-pattern'
import type { Address, Deviation, Moment } from '../kernel/schedule.ts'
import type { Trace } from '../kernel/trace.ts'
import type { Vocabulary } from './vocabulary.ts'
import { atFirst, parts, takenInWords, thirdPerson } from './words.ts'

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

/** Where the step of this address stands, which may be that of a message as well as `p1 @7`; -1, if there is none. */
export function placeOf(trace: Trace, address: Address): number {
  const it = parts(address)
  let nth = 0
  return trace.findIndex(({ at, what }) => {
    if (what.kind !== 'activation') return false
    return it.kind === 'activation' ? at === it.of && ++nth === it.nth : what.address === address
  })
}

/** Where it was sent; -1, if it is no message, or was never sent. */
const sentAt = (trace: Trace, address: Address): number =>
  trace.findIndex(({ what }) => what.kind === 'send' && what.address === address)

/** Whether this message was sent and never received, as one that comes to a process that has crashed. */
export const cameToNothing = (trace: Trace, address: Address): boolean =>
  sentAt(trace, address) >= 0 && placeOf(trace, address) < 0

/** Where in the trace a deviation begins; behind all of it, where nothing tells. */
export function beginningOf(trace: Trace, deviation: Deviation): number {
  const orNever = (place: number) => (place < 0 ? trace.length : place)
  const moment = (when: Moment): number => {
    if (atFirst(when)) return 0
    if (when === 'gst') return trace.findIndex(({ what }) => what.kind === 'fault' && what.fault === 'gst')
    return 'tick' in when ? trace.findIndex(({ time }) => time >= when.tick) : placeOf(trace, when.after)
  }
  switch (deviation.do) {
    case 'skew':
      return -1
    case 'crash':
      return orNever(placeOf(trace, deviation.at))
    case 'recover': {
      // What it waits for may have come to nothing while it was down, and stands nowhere then.
      const { process, when } = deviation
      const earliest = Math.max(
        moment(when),
        typeof when === 'object' && 'after' in when ? sentAt(trace, when.after) : -1,
      )
      return orNever(
        trace.findIndex(
          ({ at, what }, i) => i >= earliest && at === process && what.kind === 'fault' && what.fault === 'recover',
        ),
      )
    }
    case 'cut':
    case 'pause':
    case 'suspect':
      return orNever(moment(deviation.from))
    default: {
      // A timer that never expires has been set some time before; which comes first is what is held all along.
      const sent = sentAt(trace, deviation.what)
      return sent < 0 ? placeOf(trace, deviation.what) : sent
    }
  }
}

/** What the step of this address was in this run: `p2 decides v2 (27)`. */
export function landmark(trace: Trace, address: Address, words: Vocabulary): string | undefined {
  const place = placeOf(trace, address)
  const step = trace[place]
  if (step?.what.kind !== 'activation') return undefined
  const { activation, at, what } = step
  const told = toldAt(trace, place, words)
  if (told !== undefined) return `${at} ${told} (${activation})`
  const { input } = what
  const happened =
    input.kind === 'timer'
      ? `${at}'s timer ${words.message(input.layer, input.timer, input.instance)} expires`
      : takenInWords(what.address)
  return `${happened} (${activation})`
}
