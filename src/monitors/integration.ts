/** The monitor of replica integration: that of a replicated service, and how far each replica has come. */
import {
  Completion,
  Continuity,
  FreshIncarnation,
  type Incarnation,
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
  /** How far those have come that have joined or left; the others are there from the start. */
  readonly progress: Map<Process, Progress>
  /** As what each has joined last. */
  readonly incarnation: Map<Process, Incarnation>
  /** Who was the first at each place in the order. */
  readonly first: Process[]
}

export function integration(specification: ObjectSpecification): Monitor<State> {
  const service = replication(specification)
  const { invoke, apply, read, install, reply } = service.upon as Required<typeof service.upon>
  return {
    specification,
    get counted() {
      return service.counted!
    },
    initial: (processes) => ({
      service: service.initial(processes),
      progress: new Map(),
      incarnation: new Map(),
      first: [],
    }),
    upon: {
      invoke: (s, c, action: Of<Input, 'invoke'>, time) => invoke!(s.service, c, action, time),

      join(s, p, { incarnation }: Of<Output, 'join'>) {
        if (incarnation <= (s.incarnation.get(p) ?? 0)) return FreshIncarnation.name
        s.progress.set(p, 'joining')
        s.incarnation.set(p, incarnation)
        return undefined
      },

      install(s, p, action: Of<Output, 'install'>, time) {
        if (s.progress.get(p) === 'left') return StagesInOrder.name
        if (s.progress.get(p) === 'joining') s.progress.set(p, 'installed')
        return install!(s.service, p, action, time)
      },

      active(s, p) {
        if (s.progress.get(p) !== 'installed') return StagesInOrder.name
        s.progress.set(p, 'active')
        return undefined
      },

      leave(s, p) {
        if ((s.progress.get(p) ?? 'active') !== 'active') return StagesInOrder.name
        s.progress.set(p, 'left')
        return undefined
      },

      apply(s, p, action: Of<Output, 'apply'>, time) {
        const progress = s.progress.get(p)
        if (progress === 'joining' || progress === 'left' || strays(s, p, action)) return Continuity.name
        const found = apply!(s.service, p, action, time)
        if (s.service.order.length > s.first.length) s.first.push(p)
        return found
      },

      respond(s, p, { request }: Of<Output, 'respond'>) {
        if ((s.progress.get(p) ?? 'active') !== 'active') return Silence.name
        return s.service.requests.get(request)?.appliedBy.has(p) ? undefined : Silence.name
      },

      read(s, p, action: Of<Output, 'read'>, time) {
        if ((s.progress.get(p) ?? 'active') !== 'active') return Silence.name
        return read!(s.service, p, action, time)
      },

      reply: (s, c, action: Of<Output, 'reply'>, time) => reply!(s.service, c, action, time),
    },
    end: (s, correct) => service.end!(s.service, correct),
    rest(s, correct, cycle) {
      const { processes, replicas } = s.service
      const unfinished = (p: Process) => ['joining', 'installed'].includes(s.progress.get(p)!)
      // Who has neither joined nor got anything might never have been a member.
      const isActive = (p: Process) => (s.progress.has(p) ? s.progress.get(p) === 'active' : replicas.has(p))
      if (processes.some((p) => correct.has(p) && isActive(p)))
        for (const p of s.incarnation.keys()) if (correct.has(p) && unfinished(p)) return Completion.name
      return service.rest!(s.service, correct, cycle)
    },
  }
}

/** Whether a replica that has joined applies a request again, or has left one out: its own effects show it, or those of another. */
function strays({ service, incarnation, first }: State, p: Process, { request }: Of<Output, 'apply'>): boolean {
  const { order, requests, replicas } = service
  const place = replicas.get(p)?.applied ?? 0
  if (incarnation.has(p) && requests.get(request)?.appliedBy.has(p)) return true
  return (
    place < order.length && order[place]!.request !== request && (incarnation.has(p) || incarnation.has(first[place]!))
  )
}
