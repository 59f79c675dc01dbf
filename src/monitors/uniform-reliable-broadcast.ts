/** The monitor of uniform reliable broadcast. */
import { UniformAgreement, Validity } from '../../spec/reliable-broadcast.ts'
import { UniformReliableBroadcast } from '../../spec/uniform-reliable-broadcast.ts'
import type { Monitor } from './monitor.ts'
import { reliableBroadcast, type State } from './reliable-broadcast.ts'

export const uniformReliableBroadcast: Monitor<State> = {
  ...reliableBroadcast,
  specification: UniformReliableBroadcast,
  rest(s, correct, cycle) {
    if (reliableBroadcast.rest!(s, correct, cycle) === Validity.name) return Validity.name
    for (const { receivers } of s.messages.values())
      if (receivers.length > 0) for (const p of correct) if (!receivers.includes(p)) return UniformAgreement.name
    return undefined
  },
}
