/** The monitor of each specification, and the judge of a target. */
import { Continuity } from '../../spec/integration.ts'
import type { Specification } from '../../spec/language.ts'
import { Linearizability, type ObjectSpecification } from '../../spec/linearizability.ts'
import { OneCopy } from '../../spec/replication.ts'
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

export { type Monitor, Monitors, noCrash } from './monitor.ts'

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

/** Of the specifications that are given by an object, who judges those with this property; the first one counts. */
const ofObjects = [
  { by: integration, property: Continuity },
  { by: replication, property: OneCopy },
  { by: linearizability, property: Linearizability },
]

function ofObject(specification: Specification): Monitor | undefined {
  if (!('object' in specification)) return undefined
  const found = ofObjects.find(({ property }) => specification.properties.includes(property))
  return found?.by(specification as ObjectSpecification)
}

/**
 * A judge for the specifications of a target, given by layer. A specification without a monitor is judged by its
 * properties. `only`: the properties that count, as `Specification: Property`; a variant is judged only if named here, or if
 * the target demands it as a property.
 */
export function judge(specifications: Readonly<Record<string, Specification>>, only?: readonly string[]): Monitors {
  const named = (specification: string, property: string) => only?.includes(`${specification}: ${property}`) ?? true
  const all = Object.entries(specifications).flatMap(([layer, specification]) => {
    const demanded = specification.variants.filter((variant) => specification.properties.includes(variant))
    const properties = specification.properties.filter((property) => !demanded.includes(property))
    const wanted = properties.filter(({ name }) => named(specification.name, name))
    const own = monitors.find((monitor) => monitor.specification === specification) ?? ofObject(specification)
    const some = wanted.length > 0 && wanted.length < properties.length
    const monitor = own === undefined ? fromProperties(specification, wanted) : some ? narrowed(own, wanted) : own
    const variants = specification.variants.filter(
      (variant) => only?.includes(`${specification.name}: ${variant.name}`) ?? demanded.includes(variant),
    )
    return [
      { layer, monitor },
      ...(variants.length > 0 ? [{ layer, monitor: fromProperties(specification, variants) }] : []),
    ]
  })
  return new Monitors(all, named)
}
