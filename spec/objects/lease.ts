/** A lease that runs out: whether it may be taken depends on the clock of whoever is asked. */
import { define, natural, type ReplicatedObject, snapshot, text } from '../object.ts'

export const lease: ReplicatedObject = {
  name: 'lease',
  variables: { holder: null, until: 0 },
  functions: {
    /** Whether it was free, or held by the same. */
    acquire: define([text, natural], (s, [holder, duration], chance) => {
      const now = chance.now()
      if (s.get('holder') !== holder && now < s.get<number>('until')) return false
      s.set('holder', holder)
      s.set('until', now + duration)
      return true
    }),

    release: define([text], (s, [holder]) => {
      if (s.get('holder') !== holder) return false
      s.set('holder', null)
      s.set('until', 0)
      return true
    }),

    snapshot,
  },
}
