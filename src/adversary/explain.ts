/**
 * Explains a recorded run, of whatever policy, as a schedule: the benign run and its deviations. Followed by `Script`,
 * the schedule gives the same run again, event for event.
 */
import type { Address, Deviation, Moment, Schedule } from '../kernel/schedule.ts'
import type { Entry } from '../simulator/index.ts'

type Offered = Extract<Entry, { what: 'offered' }>

/** A step that the benign order would take before it was taken is held until then. */
export function explain(
  entries: readonly Entry[],
  scenario: Pick<Schedule, 'processes' | 'requests' | 'seed' | 'bound'>,
): Schedule {
  const deviations: Deviation[] = []
  const end = entries.findIndex(({ what }) => what === 'gst')
  const prefix = end < 0 ? entries : entries.slice(0, end)
  const taken = prefix.filter((entry) => entry.what === 'taken')
  // What a cut loses is held for ever, and the cut takes what is held as well.
  const position = new Map(taken.map(({ address }, i) => [address, i]))
  /** The moment right after the i-th step was taken. */
  const after = (i: number): Moment => (i < 0 ? { tick: 0 } : { after: taken[i]!.address })

  // Replays the benign order beside the run, and holds whatever it would take too early.
  const queue: Offered[] = []
  const released = new Map<number, Offered[]>()
  const insert = (step: Offered) => {
    let place = queue.length
    while (place > 0 && before(step, queue[place - 1]!)) place--
    queue.splice(place, 0, step)
  }
  const offered = new Set<Address>()
  let steps = 0
  for (const entry of prefix) {
    switch (entry.what) {
      case 'offered':
        if (entry.again) deviations.push(duplicate(entry, prefix))
        if (lost(entry)) break
        if (entry.due > entry.usual)
          deviations.push({ do: 'hold', what: entry.address, count: 1, until: { tick: entry.due } })
        offered.add(entry.address)
        insert(entry)
        break
      case 'taken': {
        if (!offered.has(entry.address)) {
          // The first start of a process: it is no choice of the adversary.
          steps++
          break
        }
        for (const step of released.get(steps - 1) ?? []) insert(step)
        for (;;) {
          const next = queue[0]
          if (next === undefined || next.address === entry.address) break
          queue.shift()
          const place = position.get(next.address)
          if (place === undefined) deviations.push({ do: 'hold', what: next.address, count: 1, until: 'gst' })
          else if (place > steps) {
            deviations.push({ do: 'hold', what: next.address, count: 1, until: after(place - 1) })
            released.set(place - 1, [...(released.get(place - 1) ?? []), next])
          }
        }
        queue.shift()
        steps++
        break
      }
      case 'crashed':
        deviations.push({ do: 'crash', at: entry.at, point: entry.point })
        break
      case 'chosen':
        deviations.push({ do: 'choose', what: entry.address, index: entry.index })
        break
      case 'fault':
        explainFault(entry, deviations, after(steps - 1))
    }
  }
  // Losses and lies go on after GST.
  for (const entry of entries)
    if (entry.what === 'lied') {
      const { address, side, index } = entry
      deviations.push({ do: 'lie', what: address, count: 1, side, index })
    } else if (entry.what === 'offered' && lost(entry)) {
      const what = { what: entry.address, count: 1 } as const
      deviations.push(
        entry.fate === 'omitted by link'
          ? { do: 'lose', ...what }
          : { do: 'omit', ...what, side: entry.fate === 'omitted by sender' ? 'send' : 'receive' },
      )
    }
  return {
    ...scenario,
    deviations,
    gst: end < 0 ? 'rest' : steps === 0 ? { tick: 0 } : after(steps - 1),
  }
}

const lost = ({ fate }: Offered): boolean => fate !== 'pending' && fate !== 'held'

const before = (a: Offered, b: Offered): boolean => a.due < b.due || (a.due === b.due && a.order < b.order)

function duplicate(again: Offered, entries: readonly Entry[]): Deviation {
  // `p1>p2 synod.accept[1]+#1` follows the step that was offered right before it.
  const first = entries.find((entry): entry is Offered => entry.what === 'offered' && entry.order === again.order - 1)
  return { do: 'duplicate', what: first!.address, later: again.usual - first!.usual }
}

/** A fault that ends is one deviation with its end; the end is filled in when it comes. */
function explainFault({ fault }: Extract<Entry, { what: 'fault' }>, deviations: Deviation[], now: Moment): void {
  const close = (match: (d: Deviation) => boolean) => {
    const place = deviations.findLastIndex((d) => match(d) && 'until' in d && d.until === 'gst')
    if (place >= 0) deviations[place] = { ...deviations[place], until: now } as Deviation
  }
  switch (fault.do) {
    case 'recover':
      deviations.push({ ...fault, when: now })
      break
    case 'skew':
      deviations.push(fault)
      break
    case 'suspect':
      deviations.push({ do: 'suspect', by: fault.by, of: fault.of, from: now, until: 'gst' })
      break
    case 'trust':
      close((d) => d.do === 'suspect' && d.by === fault.by && d.of === fault.of)
      break
    case 'cut':
      deviations.push({ do: 'cut', groups: fault.groups, from: now, until: 'gst' })
      break
    case 'heal':
      close((d) => d.do === 'cut')
      break
    case 'pause':
      deviations.push({ do: 'pause', process: fault.process, from: now, until: 'gst' })
      break
    case 'resume':
      close((d) => d.do === 'pause' && d.process === fault.process)
  }
}
