/**
 * Strikes: faults that befall a process when it says something that a specification speaks of, because it leads, appends,
 * decides or applies. There a protocol has just changed its abstract state and not yet told anybody, and there a fault
 * decides most; at a moment that is drawn it seldom falls there, and hardly ever twice in a row.
 */
import type { Action } from '../../spec/language.ts'
import type { Ticks } from '../kernel/module.ts'
import type { Random } from '../kernel/random.ts'
import { type Assumptions, mayAllCrash, mayErr } from '../kernel/target.ts'
import type { Fault } from '../simulator/index.ts'
import { type Crash, drawPoint, type Reach } from './plan.ts'

/** A kind of observation at a layer, such as `lead` at `raft`. */
interface Observable {
  readonly layer: string
  readonly kind: string
}

export interface Landmark extends Observable {
  /** How likely it is chosen: what happens seldom says more than what happens all the time. */
  readonly weight: number
}

/** Counts what benign runs come to, for landmarks, and when. */
export class Survey {
  private readonly counted = new Map<string, Observable & { times: number }>()
  /** When the last of it was. */
  ticks: Ticks = 0

  observed(layer: string, { kind }: Action, now: Ticks): void {
    this.ticks = Math.max(this.ticks, now)
    const key = `${layer} ${kind}`
    const seen = this.counted.get(key)
    if (seen === undefined) this.counted.set(key, { layer, kind, times: 1 })
    else seen.times++
  }

  get landmarks(): readonly Landmark[] {
    return [...this.counted.values()].map(({ layer, kind, times }) => ({ layer, kind, weight: times ** -0.5 }))
  }
}

/** Comes when its landmark has been come to so many times since the strike before. */
export interface Strike extends Observable {
  readonly times: number
}

/** What strikes the process that comes to a landmark. */
export type Blow =
  | { readonly do: 'crash'; readonly crash: Omit<Crash, 'activation'> }
  | { readonly do: 'omit'; readonly send: number; readonly receive: number }
  /** Faults that begin, and what ends them again. */
  | { readonly do: 'begin'; readonly faults: readonly Fault[]; readonly ends: readonly Fault[] }

/** Strikes that come in turn; none, if there are no landmarks. */
export function drawStrikes(random: Random, landmarks: readonly Landmark[]): Strike[] {
  if (landmarks.length === 0) return []
  return Array.from({ length: random.between(1, 6) }, () => {
    const { layer, kind } = random.weighted(landmarks.map((landmark) => [landmark, landmark.weight]))
    return { layer, kind, times: random.chance(0.6) ? 1 : random.between(2, 4) }
  })
}

/** `chargeable`: whether one more fault of this process is within the assumptions. */
export function drawBlow(
  random: Random,
  assumptions: Assumptions,
  names: readonly string[],
  at: number,
  chargeable: boolean,
  reach: Reach,
): Blow {
  const { crashes, recovery, omissions, links } = assumptions
  const recovers = crashes && (mayAllCrash(assumptions) || (recovery !== 'none' && chargeable))
  const process = names[at]!
  const others = names.filter((name) => name !== process)
  const blow = random.weighted([
    ['cut', others.length > 0 ? 3 : 0],
    ['suspect', others.length > 0 && mayErr(assumptions) ? 2 : 0],
    ['crash', recovers || (crashes && chargeable) ? 2 : 0],
    ['omit', omissions !== 'none' && chargeable ? 3 : 0],
    ['pause', 1],
  ] as const)
  switch (blow) {
    case 'cut': {
      // Half of the time it is alone, otherwise some of the others are with it, but never all.
      const group = [process, ...(random.chance(0.5) ? [] : random.sample(others, random.below(others.length)))]
      const rest = others.filter((name) => !group.includes(name))
      return { do: 'begin', faults: [{ do: 'cut', groups: [group, rest] }], ends: [{ do: 'heal' }] }
    }
    case 'suspect': {
      const by = random.sample(others, random.between(1, others.length))
      const err = (kind: 'suspect' | 'trust') => by.map((q): Fault => ({ do: kind, by: q, of: process }))
      return { do: 'begin', faults: err('suspect'), ends: err('trust') }
    }
    case 'pause':
      return { do: 'begin', faults: [{ do: 'pause', process }], ends: [{ do: 'resume', process }] }
    case 'crash':
      return {
        do: 'crash',
        crash: {
          point: drawPoint(random, 2 * (names.length + 1), reach),
          loss: links !== 'reliable' && chargeable && random.chance(0.3) ? 0.5 : 0,
          recovers: recovers && (!chargeable || random.chance(0.85)),
          again: random.pick([0, 0, 0.1, 0.3]),
        },
      }
    case 'omit': {
      const rate = () => (random.chance(0.7) ? random.pick([0.3, 1]) : 0)
      return {
        do: 'omit',
        send: omissions === 'receive' ? 0 : rate(),
        receive: omissions === 'send' ? 0 : rate(),
      }
    }
  }
}
