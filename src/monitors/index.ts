/** The monitor of each specification. */
import type { Specification } from '../../spec/language.ts'
import { atomicBroadcast } from './atomic-broadcast.ts'
import { consensus } from './consensus.ts'
import { type Monitor, Monitors } from './monitor.ts'
import { raft } from './raft.ts'
import { reliableBroadcast } from './reliable-broadcast.ts'

export { type Monitor, Monitors } from './monitor.ts'

const monitors: readonly Monitor[] = [consensus, reliableBroadcast, atomicBroadcast, raft]

/** A judge for the specifications of a target, given by layer. */
export function judge(specifications: Readonly<Record<string, Specification>>): Monitors {
  return new Monitors(
    Object.fromEntries(
      Object.entries(specifications).map(([layer, specification]) => {
        const monitor = monitors.find((monitor) => monitor.specification === specification)
        if (monitor === undefined) throw new TypeError(`no monitor is known for ${specification.name}`)
        return [layer, monitor]
      }),
    ),
  )
}
