/** What runs have exercised, and whether it is enough for their silence to mean anything. */
import { distance } from 'fastest-levenshtein'
import { isOfClients, isOfObject } from '../../spec/linearizability.ts'
import { faultIn, faults, type Target } from '../kernel/target.ts'
import {
  foreignTo,
  functionsOf,
  type Monitors,
  readsFrom,
  refused,
  type Said,
  stray,
  unanswered,
} from '../monitors/index.ts'
import { type Lab, layersToldOf } from '../simulator/index.ts'

export interface Exercised {
  readonly runs: number
  /** How often each thing was: a fault, an observation, a request and how it was answered. */
  readonly exercised: Readonly<Record<string, number>>
  /** What was observed at each layer that has a specification. */
  readonly said: Said
}

type Counts = Exercised['exercised']

/** How often each thing has been exercised in a laboratory so far, as the world and the judge count it. */
export function countedIn(lab: Lab, judge: Monitors): ReadonlyMap<string, number> {
  const counted = new Map(lab.world.exercised)
  // What the world has done may be told to the judge, too.
  for (const [kind, times] of judge.seen)
    if (!faults.has(kind)) counted.set(kind, Math.max(times, counted.get(kind) ?? 0))
  return counted
}

export function summed(counts: Iterable<ReadonlyMap<string, number>>): ReadonlyMap<string, number> {
  const total = new Map<string, number>()
  for (const count of counts) for (const [what, times] of count) total.set(what, (total.get(what) ?? 0) + times)
  return total
}

/** How often each thing has been exercised since then. */
export const since = (before: Counts, now: Counts): Counts =>
  Object.fromEntries(Object.entries(now).map(([what, times]) => [what, times - (before[what] ?? 0)]))

export const plus = (some: Counts, more: Counts): Counts =>
  Object.fromEntries(summed([some, more].map((counts) => new Map(Object.entries(counts)))))

export function together(saids: Iterable<Said>): Said {
  const all = new Map<string, Map<string, boolean>>()
  for (const said of saids)
    for (const [layer, kinds] of said) all.set(layer, new Map([...(all.get(layer) ?? []), ...kinds]))
  return all
}

/** What the adversary does and not the target. An enumeration says itself what of it was tried. */
const fromOutside: ReadonlySet<string> = new Set([...faults, 'suspect', 'trust'])

/**
 * Whether the target itself has shown too little for an enumeration to verify anything, whatever the adversary has tried.
 */
export function verifiesNothing(target: Target, { exercised, said }: Exercised): boolean {
  const { all, barren } = askedOf(target, exercised)
  return (
    unseen(target, exercised).some((what) => !fromOutside.has(what)) ||
    silent(target, said).length > 0 ||
    withoutOutput(target, said) !== undefined ||
    misspelt(target, said) !== undefined ||
    times(exercised, stray) > 0 ||
    (all.length > 0 && (barren.length === all.length || readNothing(target, exercised)))
  )
}

/** Why it means nothing that nothing was violated, if it does not. */
export function lacking(target: Target, { runs, exercised, said }: Exercised): string | undefined {
  const missing = unseen(target, exercised)
  if (missing.length > 0) return `never seen in ${counted(runs)}: ${missing.join(', ')}${whereCounted(target, missing)}`
  const missed = outside(target, runs, exercised)
  if (missed !== undefined) return missed
  const slip = misspelt(target, said)
  if (slip !== undefined) return slip
  const layers = silent(target, said)
  if (layers.length > 0)
    return `nothing was observed in ${counted(runs)} at ${layers.join(', ')}, so that the specification there has judged nothing`
  const mute = withoutOutput(target, said)
  if (mute !== undefined) return `in ${counted(runs)} ${mute}`
  const astray = times(exercised, stray)
  if (astray > 0)
    return `${astray} ${astray === 1 ? 'reply was' : 'replies were'} observed at a process that had not invoked the request, and judged by nobody. \`onecopy show ${target.name}\` shows them; observe what is invoked and its reply at the same process, and call the request by the same name`
  const { all, barren } = askedOf(target, exercised)
  const idle = barren.length === all.length ? barren : barren.filter((name) => !refusedOnPurpose(target, name))
  if (idle.length > 0) return withoutResult(target, idle)
  return all.length > 0 && readNothing(target, exercised)
    ? `in ${counted(runs)} no request read what another one had written, so that a service that keeps nothing would have passed as well. Let the workload write variables and read the same ones, as a last request that reads everything does`
    : undefined
}

/**
 * Kinds of the alphabets of specifications of one's own that nobody has said, as `Specification: kind`: what their
 * properties say of these was not tried. `only`: the properties that count.
 */
export const unsaid = (target: Target, said: Said, only?: readonly string[]): readonly string[] => [
  ...new Set(
    Object.entries(target.specifications)
      .filter(([, specification]) => foreignTo(specification, only).length > 0)
      .flatMap(([layer, { name, alphabet = {} }]) =>
        Object.keys(alphabet)
          .filter((kind) => !said.get(layer)?.has(kind) && !isRuledOut(target, layer, kind))
          .map((kind) => `${name}: ${kind}`),
      ),
  ),
]

/** Whether a layer would be told, as a detector is, of what no process may do. */
function isRuledOut(target: Target, layer: string, kind: string): boolean {
  const { faulty, recovery } = target.assumptions
  const never = (kind === 'fail' && faulty === 'none') || (kind === 'recover' && recovery === 'none')
  return never && layersToldOf(kind, target).includes(layer)
}

/** Where nobody is heard to ask, what is counted as refused is no function. */
const askedOf = ({ specifications }: Target, exercised: Counts): ReturnType<typeof functionsOf> =>
  functionsOf(Object.values(specifications).some(isOfClients) ? exercised : {})

const hasObject = ({ specifications }: Target): boolean => Object.values(specifications).some(isOfObject)

/** Of what is no object nobody knows which request reads. */
const readNothing = (target: Target, exercised: Counts): boolean =>
  hasObject(target) && times(exercised, readsFrom) === 0

/** Somebody may have said it all the time, where nobody listens. */
function whereCounted({ specifications }: Target, missing: readonly string[]): string {
  // Who has failed is suspected, too, and in the picture.
  if (missing.includes('suspect')) return '. A suspicion counts where it is wrong'
  if (missing.every((what) => fromOutside.has(what))) return ''
  const layers = Object.keys(specifications)
  return `. What is said counts at layers that have a specification: ${layers.join(', ') || 'there are none'}`
}

function withoutResult(target: Target, idle: readonly string[]): string {
  const object = hasObject(target)
  const foreign = object ? idle.filter((name) => isForeign(target, name)) : []
  return [
    `no request for ${idle.join(' or ')} was answered with a result, so that nothing is known of how ${idle.length > 1 ? 'they work' : 'it works'}. \`onecopy show ${target.name}\` shows the answers; correct the workload, or ${object ? 'the object' : `who answers. If that is as it should be, say so by \`mustSee\`, as ['${unanswered(idle[0]!)}']`}`,
    ...foreign.map(
      (name) =>
        `There is no function ${name}: if it is asked for on purpose, say so by \`mustSee: ['${refused(name)}']\``,
    ),
  ].join('. ')
}

/** What no object has is refused by whoever works as it should. */
const refusedOnPurpose = (target: Target, name: string): boolean =>
  [refused(name), ...(hasObject(target) ? [] : [unanswered(name)])].some((what) => target.mustSee.includes(what)) &&
  isForeign(target, name)

/** Whether this, as it is called where functions are counted, is a function of no object. */
const isForeign = ({ specifications }: Target, called: string): boolean =>
  !Object.values(specifications).some(
    (one) =>
      isOfObject(one) &&
      Object.keys(one.object.functions).some((name) => called === name || called === `${one.object.name}.${name}`),
  )

export const counted = (runs: number): string => (runs === 1 ? '1 run' : `${runs} runs`)

// What must be seen may be called as what every object has, `constructor` for one.
const times = (exercised: Counts, what: string): number => (Object.hasOwn(exercised, what) ? exercised[what]! : 0)

const unseen = ({ mustSee }: Target, exercised: Counts): readonly string[] =>
  mustSee.filter((what) => times(exercised, what) === 0)

/** The layers at which nothing was observed that anybody looks at. */
const silent = ({ specifications }: Target, said: Said): readonly string[] =>
  Object.keys(specifications).filter((layer) => ![...(said.get(layer)?.values() ?? [])].includes(true))

/** A layer that was only ever asked. What nobody owes where not all have asked, as a decision, is never missed. */
function withoutOutput({ specifications }: Target, said: Said): string | undefined {
  for (const [layer, { name, automaton }] of Object.entries(specifications)) {
    const outputs = Object.keys(automaton?.outputs ?? {})
    if (outputs.length > 0 && !outputs.some((kind) => said.get(layer)?.get(kind)))
      return `nothing came out of ${layer}: of what ${name} puts out (${outputs.join(', ')}) nothing was ever observed, so that nothing is known of it. Let the workload ask for it, or observe it as the specification calls it; where it is right that nothing comes, as of an alarm, the specification has no automaton`
  }
  return undefined
}

/** What a layer says of which its specification knows nothing, if it is called nearly as what the layer never says. */
function misspelt({ specifications }: Target, said: Said): string | undefined {
  for (const [layer, { name, alphabet }] of Object.entries(specifications)) {
    const known = Object.keys(alphabet ?? {})
    const kinds = [...(said.get(layer)?.keys() ?? [])]
    for (const kind of kinds.filter((kind) => !known.includes(kind)))
      for (const meant of known.filter((meant) => !kinds.includes(meant)))
        if (distance(kind.toLowerCase(), meant.toLowerCase()) * 3 <= meant.length)
          return `layer ${layer} says ${kind}, of which ${name} knows nothing, and never ${meant}, so that nothing was judged of it. Observe it as the specification calls it; what is something else needs a name that is not so near`
  }
  return undefined
}

/** Why the faults have not hit what they are to hit, if they have not. */
function outside({ window }: Target, runs: number, exercised: Counts): string | undefined {
  if (window === undefined) return undefined
  const within = times(exercised, faultIn(window))
  return within >= window.share * runs
    ? undefined
    : `${within} of ${counted(runs)} ${within === 1 ? 'has' : 'have'} a fault within ${window.name}, and ${Math.ceil(window.share * runs)} should`
}
