/** One variable, which is read, written, and written only if it holds what is expected. */
import { anything, define, type ReplicatedObject, snapshot } from '../object.ts'
import { same } from '../values.ts'

export const register: ReplicatedObject = {
  name: 'register',
  variables: { value: null },
  functions: {
    read: define([], (s) => s.get('value')),

    write: define([anything], (s, [value]) => s.set('value', value)),

    'compare-and-set': define([anything, anything], (s, [expected, value]) => {
      if (!same(s.get('value'), expected)) return false
      s.set('value', value)
      return true
    }),

    snapshot,
  },
}
