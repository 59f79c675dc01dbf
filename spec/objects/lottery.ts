/** Draws lots: replicas that draw for themselves do not draw the same. */
import { define, type ReplicatedObject, snapshot, text } from '../object.ts'

export const lottery: ReplicatedObject = {
  name: 'lottery',
  variables: { tickets: [], winner: null },
  functions: {
    enter: define([text], (s, [name]) => {
      const tickets = [...s.get<readonly string[]>('tickets'), name]
      s.set('tickets', tickets)
      return tickets.length
    }),

    draw: define([], (s, _, chance) => {
      const tickets = s.get<readonly string[]>('tickets')
      if (tickets.length === 0) throw new Error('nobody has entered')
      s.set('winner', tickets[Math.floor(chance.random() * tickets.length)]!)
      return s.get('winner')
    }),

    snapshot,
  },
}
