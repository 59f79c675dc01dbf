/**
 * Uniform reliable broadcast: what anybody delivers, every correct process delivers.
 *
 * V. Hadzilacos and S. Toueg. A Modular Approach to Fault-Tolerant Broadcasts
 * and Related Problems. TR 94-1425, Cornell, 1994.
 *
 * A process that fails may have acted on what it delivered: it has answered a
 * client, say. Reliable broadcast lets it have delivered alone, this does not.
 */
import { specification } from './language.ts'
import {
  Agreement,
  alphabet,
  automaton,
  type Input,
  Integrity,
  type Output,
  ReliableBroadcast,
  type Run,
  type State,
  UniformAgreement,
  Validity,
} from './reliable-broadcast.ts'

/** The steps are those of reliable broadcast. The two differ in what is owed, and to whom. */
export const UniformReliableBroadcast = specification<State, Input, Output, Run>({
  name: 'Uniform Reliable Broadcast',
  source: 'Hadzilacos and Toueg, TR 94-1425, 1994',
  alphabet,
  automaton,
  properties: [Validity, UniformAgreement, Integrity],
  variants: [Agreement],
  read: ReliableBroadcast.read,
})
