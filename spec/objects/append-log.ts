/** A log that tells everybody at which place it has put something: no order of two appends looks like the other. */
import { anything, define, type ReplicatedObject, snapshot } from '../object.ts'
import type { Plain } from '../values.ts'

export const appendLog: ReplicatedObject = {
  name: 'append log',
  variables: { log: [] },
  functions: {
    append: define([anything], (s, [entry]) => {
      const log = [...s.get<readonly Plain[]>('log'), entry]
      s.set('log', log)
      return log.length
    }),

    read: define([], (s) => s.get('log')),

    snapshot,
  },
}
