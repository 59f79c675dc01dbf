/**
 * Stop-and-copy, the yardstick of integration: from the cut on nobody executes
 * anything, until the joiner has been sent the state.
 *
 * B. Kemme, A. Bartoli and Ö. Babaoğlu. Online Reconfiguration in Replicated
 * Databases Based on Group Communication. DSN 2001, on what is to be avoided.
 *
 * It is online transfer but for what waits. One process joins at a time; who
 * has failed in the middle is abandoned, and all go on without it.
 */
import { mutate } from '../kernel/module.ts'
import { type OnlineTransfer, onlineTransfer, type State } from './online-transfer.ts'

export const stopAndCopy = mutate<OnlineTransfer, State>(onlineTransfer, {
  rules: {
    defers: (fetches, s) => fetches(s) || Object.keys(s.group.newcomers).length > 0,
    settles: (_, [what, p, incarnation], { group: { newcomers } }) =>
      what === 'join' ? incarnation > (newcomers[p] ?? Infinity) : what !== 'message' && incarnation === newcomers[p],
    abandons: (_, joiner, { suspects }) => suspects.has(joiner),
  },
})
