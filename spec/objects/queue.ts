/** First in, first out. To dequeue twice is not to dequeue once. */
import { anything, define, type ReplicatedObject, snapshot } from '../object.ts'
import type { Plain } from '../values.ts'

export const queue: ReplicatedObject = {
  name: 'queue',
  variables: { items: [], dequeued: 0 },
  functions: {
    enqueue: define([anything], (s, [item]) => s.set('items', [...s.get<readonly Plain[]>('items'), item])),

    /** The oldest item; `null` if there is none. */
    dequeue: define([], (s) => {
      const [oldest, ...younger] = s.get<readonly Plain[]>('items')
      if (oldest === undefined) return null
      s.set('items', younger)
      s.set('dequeued', s.get<number>('dequeued') + 1)
      return oldest
    }),

    length: define([], (s) => s.get<readonly Plain[]>('items').length),

    snapshot,
  },
}
