/** The monitor of each specification, and the judge of a target. */
import * as ofIntegration from '../../spec/integration.ts'
import type { Property, Specification } from '../../spec/language.ts'
import * as ofClients from '../../spec/linearizability.ts'
import type { ReplicatedObject } from '../../spec/object.ts'
import * as ofReplication from '../../spec/replication.ts'
import { answers } from './answers.ts'
import { atomicBroadcast } from './atomic-broadcast.ts'
import { causalBroadcast } from './causal-broadcast.ts'
import { consensus } from './consensus.ts'
import { fifoBroadcast } from './fifo-broadcast.ts'
import { fromProperties, narrowed } from './from-properties.ts'
import { integration } from './integration.ts'
import { lazyConsensus } from './lazy-consensus.ts'
import { type Monitor, Monitors } from './monitor.ts'
import { raft } from './raft.ts'
import { reliableBroadcast } from './reliable-broadcast.ts'
import { linearizability, replication } from './replication.ts'
import { uniformReliableBroadcast } from './uniform-reliable-broadcast.ts'
import { viewSynchronousBroadcast } from './view-synchronous-broadcast.ts'

export { functionsOf, refused, stray, unanswered } from './answers.ts'
export { Coverage } from './coverage.ts'
export { type Monitor, Monitors, noCrash, type Said } from './monitor.ts'
export { readsFrom } from './reads-from.ts'
export { hidesState } from './replication.ts'

const monitors: readonly Monitor[] = [
  consensus,
  lazyConsensus,
  reliableBroadcast,
  uniformReliableBroadcast,
  fifoBroadcast,
  causalBroadcast,
  atomicBroadcast,
  viewSynchronousBroadcast,
  raft,
]

/** Who judges the specifications that are given by an object. */
const ofObjects = [
  { whole: ofIntegration.integration, by: integration },
  { whole: ofReplication.replication, by: replication },
  { whole: ofClients.linearizability, by: linearizability },
]

interface Own {
  readonly monitor: Monitor
  /** What it judges, which may not be all that is to be judged, and may be more. */
  readonly knows: readonly Property<any>[]
}

function ownOf(specification: Specification): Own | undefined {
  const monitor = monitors.find((monitor) => monitor.specification === specification)
  if (monitor !== undefined) return { monitor, knows: specification.properties }
  if (!ofClients.isOfObject(specification)) return undefined
  const { object } = specification
  // A monitor sees what happens as it is: what is read in another way is not for it.
  const found = ofObjects.find(({ whole }) => whole(object).read === specification.read)
  return found && { monitor: found.by(specification), knows: found.whole(object).properties }
}

/** Who judges the properties of a specification that count, `only` as in `judge`: its monitor, and they themselves. */
function judgesOf(specification: Specification, only?: readonly string[]) {
  const { name, properties, variants } = specification
  const wanted = [...new Set([...properties, ...variants])].filter((property) =>
    only === undefined ? properties.includes(property) : only.includes(`${name}: ${property.name}`),
  )
  const own = ownOf(specification)
  const known = wanted.filter((property) => own?.knows.includes(property))
  return { own, known, others: wanted.filter((property) => !known.includes(property)) }
}

/** Those that no monitor knows: whoever attaches a system has written them. */
export const foreignTo = (specification: Specification, only?: readonly string[]): readonly Property<any>[] =>
  judgesOf(specification, only).others

/**
 * A judge for the specifications of a target, given by layer. What no monitor of its own knows is judged as its properties
 * say. `only`: the properties that count, as `Specification: Property`; a variant is judged only if named here, or if the
 * target demands it as a property.
 */
export function judge(specifications: Readonly<Record<string, Specification>>, only?: readonly string[]): Monitors {
  const named = (specification: string, property: string) => only?.includes(`${specification}: ${property}`) ?? true
  const objects = new Set(
    Object.values(specifications).flatMap((one) => (ofClients.isOfObject(one) ? [one.object] : [])),
  )
  // Of several objects each may have a function of this name.
  const nameIn = (object: ReplicatedObject) => (called: string) =>
    objects.size > 1 ? `${object.name}.${called}` : called
  const all = Object.entries(specifications).flatMap(([layer, specification]) => {
    const { own, known, others } = judgesOf(specification, only)
    const judges: Monitor[] = []
    if (ofClients.isOfClients(specification))
      judges.push(
        answers(specification, ofClients.isOfObject(specification) ? nameIn(specification.object) : undefined),
      )
    if (own !== undefined) {
      judges.push(known.length === own.knows.length ? own.monitor : narrowed(own.monitor, known))
    }
    if (own === undefined || others.length > 0) judges.push(fromProperties(specification, others))
    return judges.map((monitor) => ({ layer, monitor }))
  })
  return new Monitors(all, named)
}
