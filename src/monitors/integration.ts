/** The monitor of replica integration: that of a replicated service, and how far each replica has come. */
import {
  Completion,
  Continuity,
  type Input,
  type Output,
  type Progress,
  Silence,
  StagesInOrder,
} from '../../spec/integration.ts'
import type { Of, Process } from '../../spec/language.ts'
import type { ObjectSpecification } from '../../spec/linearizability.ts'
import type { Monitor } from './monitor.ts'
import { replication, type State as Service } from './replication.ts'

interface State {
  readonly service: Service
  /** How far those have come that are no longer fresh. */
  readonly progress: Map<Process, Progress>
  readonly joined: Set<Process>
  /** Who was the first at each place in the order. */
  readonly first: Process[]
}

export function integration(specification: ObjectSpecification): Monitor<State> {
  const service = replication(specification)
  const { invoke, apply, read, install, reply } = service.upon as Required<typeof service.upon>
  const act = ({ progress }: State, p: Process) => void (progress.has(p) || progress.set(p, 'active'))
  return {
    specification,
    initial: (processes) => ({
      service: service.initial(processes),
      progress: new Map(),
      joined: new Set(),
      first: [],
    }),
    upon: {
      invoke: (s, c, action: Of<Input, 'invoke'>, time) => invoke!(s.service, c, action, time),

      join(s, p) {
        if (s.progress.has(p)) return StagesInOrder.name
        s.progress.set(p, 'joining')
        s.joined.add(p)
        return undefined
      },

      install(s, p, action: Of<Output, 'install'>, time) {
        if (s.progress.get(p) === 'joining') s.progress.set(p, 'installed')
        act(s, p)
        return install!(s.service, p, action, time)
      },

      active(s, p) {
        if (s.progress.get(p) !== 'installed') return StagesInOrder.name
        s.progress.set(p, 'active')
        return undefined
      },

      apply(s, p, action: Of<Output, 'apply'>, time) {
        if (s.progress.get(p) === 'joining' || strays(s, p, action)) return Continuity.name
        act(s, p)
        const found = apply!(s.service, p, action, time)
        if (s.service.order.length > s.first.length) s.first.push(p)
        return found
      },

      respond(s, p, { request }: Of<Output, 'respond'>) {
        if ((s.progress.get(p) ?? 'active') !== 'active') return Silence.name
        act(s, p)
        return s.service.requests.get(request)?.appliedBy.has(p) ? undefined : Silence.name
      },

      read(s, p, action: Of<Output, 'read'>, time) {
        if ((s.progress.get(p) ?? 'active') !== 'active') return Silence.name
        act(s, p)
        return read!(s.service, p, action, time)
      },

      reply: (s, c, action: Of<Output, 'reply'>, time) => reply!(s.service, c, action, time),
    },
    end: (s, correct) => service.end!(s.service, correct),
    rest(s, correct, cycle) {
      const { processes, requests, replicas } = s.service
      const unfinished = (p: Process) => s.joined.has(p) && s.progress.get(p) !== 'active'
      const clients = new Set([...requests.values()].map(({ client }) => client))
      const others = processes.filter((p) => !clients.has(p) || replicas.has(p))
      if (others.some((p) => correct.has(p) && !unfinished(p)))
        for (const p of s.joined) if (correct.has(p) && unfinished(p)) return Completion.name
      return service.rest!(s.service, correct, cycle)
    },
  }
}

/** Whether a replica that has joined applies a request again, or has left one out: its own effects show it, or those of another. */
function strays({ service, joined, first }: State, p: Process, { request }: Of<Output, 'apply'>): boolean {
  const { order, requests, replicas } = service
  const place = replicas.get(p)?.applied ?? 0
  if (joined.has(p) && requests.get(request)?.appliedBy.has(p)) return true
  return place < order.length && order[place]!.request !== request && (joined.has(p) || joined.has(first[place]!))
}
