/** The seats of a hall: an object of one's own, and what becomes of it when it is replicated. */
import {
  active,
  type Call,
  define,
  oneOf,
  type Plain,
  type ReplicatedObject,
  type Service,
  snapshot,
  type Target,
  text,
} from 'onecopy'
import { total } from './target.ts'

const names = ['front', 'back'] as const
const seat = oneOf(names)

/** A variable for each seat: who has it, or nobody. */
export const hall: ReplicatedObject = {
  name: 'hall',
  variables: { front: null, back: null },
  functions: {
    /** Whether the seat was free. */
    reserve: define([seat, text], (seats, [name, guest]) => {
      if (seats.get(name) !== null) return false
      seats.set(name, guest)
      return true
    }),

    leave: define([seat], (seats, [name]) => seats.set(name, null)),

    snapshot,
  },
}

const call = (name: string, ...args: readonly Plain[]): Call => ({ function: name, arguments: args })

/** What clients ask for, drawn. */
export const bookings: Service = {
  object: hall,
  draw(random) {
    const [name, guest] = [random.pick(names), random.pick(['alice', 'bob'])]
    return random.pick([call('reserve', name, guest), call('reserve', name, guest), call('leave', name)])
  },
}

/** Over any atomic broadcast. */
export const seats = active('seats', bookings)

/** Over an atomic broadcast of one's own. */
export const seatsInSequence = active('seats/sequencer', bookings, total)

/** A function that draws: every replica executes it, and each draws for itself. */
const reserveAny = define([text], (seats, [guest], chance) => {
  const free = names.filter((name) => seats.get(name) === null)
  if (free.length === 0) return null
  const name = free[Math.floor(chance.random() * free.length)]!
  seats.set(name, guest)
  return name
})

export const seatsByLot: Target = {
  ...active('seats/by-lot', {
    object: { ...hall, functions: { ...hall.functions, 'reserve-any': reserveAny } },
    draw: (random) => random.pick([call('reserve-any', 'alice'), call('reserve-any', 'bob'), bookings.draw(random)]),
  }),
  kind: 'mutant',
  violates: 'Replication: Replicas Agree',
}
