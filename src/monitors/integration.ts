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
}

export function integration(specification: ObjectSpecification): Monitor<State> {
  const service = replication(specification)
  const { invoke, apply, install, reply } = service.upon as Required<typeof service.upon>
  const act = ({ progress }: State, p: Process) => void (progress.has(p) || progress.set(p, 'active'))
  return {
    specification,
    initial: (processes) => ({ service: service.initial(processes), progress: new Map(), joined: new Set() }),
    upon: {
      invoke: (s, c, action: Of<Input, 'invoke'>, time) => invoke!(s.service, c, action, time),

      join(s, p) {
        if (s.progress.has(p)) return StagesInOrder.name
        s.progress.set(p, 'joining')
        s.joined.add(p)
        return undefined
      },

      install(s, p, action: Of<Output, 'install'>, time) {
        if (s.progress.get(p) !== 'joining') return StagesInOrder.name
        s.progress.set(p, 'installed')
        return install!(s.service, p, action, time)
      },

      active(s, p) {
        if (s.progress.get(p) !== 'installed') return StagesInOrder.name
        s.progress.set(p, 'active')
        return undefined
      },

      apply(s, p, action: Of<Output, 'apply'>, time) {
        if (s.progress.get(p) === 'joining' || (s.joined.has(p) && strays(s.service, p, action))) return Continuity.name
        act(s, p)
        return apply!(s.service, p, action, time)
      },

      respond(s, p, { request }: Of<Output, 'respond'>) {
        if ((s.progress.get(p) ?? 'active') !== 'active') return Silence.name
        act(s, p)
        return s.service.requests.get(request)?.appliedBy.has(p) ? undefined : Silence.name
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

/** Whether a replica applies a request again, or leaves one out. */
function strays({ order, requests, replicas }: Service, p: Process, { request }: Of<Output, 'apply'>): boolean {
  const due = order[replicas.get(p)?.applied ?? 0]
  return requests.get(request)?.appliedBy.has(p) === true || (due !== undefined && due.request !== request)
}
