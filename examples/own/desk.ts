/**
 * A service of one's own, judged by what its clients see: the first process sells the seats of a hall, and the others
 * pass on to it what they are asked. Nobody may fail.
 *
 * A client that waits for too long asks again, under the same name, whoever comes next. So a request may arrive twice,
 * and when its client has long asked for something else.
 */
import {
  type Context,
  type Conversation,
  client,
  execute,
  invocations,
  linearizability,
  type Module,
  mutate,
  type Plain,
  type Process,
  type Shape,
  type Target,
  updated,
} from 'onecopy'
import { bookings, hall } from './seats.ts'
import { total } from './target.ts'

type Request = Omit<Extract<Conversation, { kind: 'request' }>, 'kind'>

export interface Desk extends Shape {
  // Clients ask and are answered by messages.
  port: { request: never; indication: never }
  message: Conversation | ({ readonly kind: 'pass'; readonly client: Process } & Request)
  timer: never
  below: {}
  stable: null
  rules: typeof rules
}

const rules = {
  /** Whether a request, the client's so manieth, was executed before; `last`: the number of its last one. */
  repeated: (number: number, last: number): boolean => number <= last,
}

const initial = () => ({
  seats: hall.variables,
  /** The last request of each client, and the reply to it. */
  last: new Map<Process, { readonly number: number; readonly value: Plain }>(),
})
export type State = ReturnType<typeof initial>

export const desk: Module<Desk, State> = {
  name: 'desk',
  rules,
  initial,
  upon: {},

  receive: {
    request({ request, call }, s, me, client) {
      if (me.rank === 0) serve({ request, call }, client, s, me)
      else me.send(me.processes[0]!, { kind: 'pass', client, request, call })
    },

    pass({ client, request, call }, s, me) {
      serve({ request, call }, client, s, me)
    },

    /** Nobody answers a desk. */
    reply() {},
  },

  expire: {},
  from: {},
}

function serve({ request, call }: Request, client: Process, s: State, me: Context<Desk>): void {
  // c1#2 is the second request of c1, which has one at a time.
  const number = Number(request.split('#')[1])
  if (!me.rules.repeated(number, s.last.get(client)?.number ?? 0)) {
    const { value, writes } = execute(hall, s.seats, call)
    s.seats = updated(s.seats, writes)
    s.last.set(client, { number, value })
  }
  const last = s.last.get(client)!
  if (last.number === number) me.send(client, { kind: 'reply', request, value: last.value })
}

export const tickets: Target = {
  name: 'desk',
  kind: 'protocol',
  says: 'one process sells the seats of a hall, whoever is asked for them',
  source: 'Schneider, ACM Computing Surveys 22(4), 1990, §1: a single, centralized server',
  specifications: { desk: linearizability(hall) },
  processes: [2, 3],
  assumptions: { ...total.assumptions, duplicates: true },
  because: {
    faulty: 'the seats are lost with who sells them',
    duplicates: 'a request has a name, and is executed once',
  },
  mustSee: ['invoke', 'reply', 'duplicate'],
  workload: invocations(bookings.draw),
  client: client('desk'),
  system: { module: desk, below: {} },
}

/** What is asked again is sold again. */
export const forgetful: Target = {
  ...tickets,
  name: 'desk/forgetful',
  kind: 'mutant',
  says: 'a request that arrives twice is executed twice',
  violates: 'Linearizability: Linearizability',
  system: { module: mutate<Desk, State>(desk, { rules: { repeated: () => false } }), below: {} },
}
