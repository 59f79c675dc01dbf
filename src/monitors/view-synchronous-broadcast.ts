/** The monitor of view-synchronous broadcast: where the group stands, and what was delivered in each of its views. */
import type { Process } from '../../spec/language.ts'
import { sameSet } from '../../spec/sequences.ts'
import {
  Accuracy,
  Exclusion,
  Installation,
  Integrity,
  isMajority,
  LocalMonotony,
  type Message,
  PrimaryComponent,
  SelfInclusion,
  SendingViewDelivery,
  UniformAgreement,
  UniformViewSynchrony,
  Validity,
  type View,
  ViewAgreement,
  ViewSynchronousBroadcast,
} from '../../spec/view-synchronous-broadcast.ts'
import type { Monitor } from './monitor.ts'

interface State {
  /** The members of each view. */
  readonly views: (readonly Process[])[]
  readonly current: Map<Process, number>
  /** Who has asked to exclude whom. */
  readonly asked: Map<Process, Process[]>
  /** By message: who has vscast it first, and in which view. */
  readonly sent: Map<Message, { readonly by: Process; readonly view: number }>
  /** By view and message: who has vsdelivered it there. */
  readonly delivered: Map<Message, Set<Process>>[]
  /** By view: who has installed the next one. */
  readonly left: Process[][]
}

export const viewSynchronousBroadcast: Monitor<State> = {
  specification: ViewSynchronousBroadcast,
  initial: (processes) => ({
    views: [processes],
    current: new Map(),
    asked: new Map(),
    sent: new Map(),
    delivered: [new Map()],
    left: [[]],
  }),
  upon: {
    vscast(s, at, { message }) {
      if (!s.sent.has(message)) s.sent.set(message, { by: at, view: s.current.get(at) ?? 0 })
      return undefined
    },

    exclude(s, at, { process }) {
      if (s.views.at(-1)!.includes(at)) s.asked.set(process, [...(s.asked.get(process) ?? []), at])
      return undefined
    },

    vsdeliver(s, at, { message }) {
      const view = s.current.get(at) ?? 0
      const sent = s.sent.get(message)
      if (sent === undefined) return Integrity.name
      const by = s.delivered[view]!.get(message) ?? new Set()
      if (by.has(at)) return Integrity.name
      if (sent.view !== view) return SendingViewDelivery.name
      if (s.left[view]!.some((q) => !by.has(q))) return UniformViewSynchrony.name
      s.delivered[view]!.set(message, by.add(at))
      return undefined
    },

    view(s, at, { id, members }: View) {
      const view = s.current.get(at) ?? 0
      if (id !== view + 1) return LocalMonotony.name
      if (!members.includes(at)) return SelfInclusion.name
      const fixed = s.views[id]
      if (fixed === undefined) {
        const before = s.views[view]!
        const fewer = members.length < before.length && members.every((p) => before.includes(p))
        if (!fewer || !isMajority(members, before)) return PrimaryComponent.name
        if (before.some((q) => !members.includes(q) && !s.asked.has(q))) return Accuracy.name
      } else if (!sameSet(members, fixed)) return ViewAgreement.name
      for (const by of s.delivered[view]!.values()) if (!by.has(at)) return UniformViewSynchrony.name
      if (fixed === undefined) {
        s.views.push(members)
        s.delivered.push(new Map())
        s.left.push([])
      }
      s.left[view]!.push(at)
      s.current.set(at, id)
      return undefined
    },
  },
  rest({ views, current, asked, sent, delivered }, correct) {
    const id = views.length - 1
    const members = views[id]!
    const going = members.filter((p) => correct.has(p))
    for (const q of going) if ((current.get(q) ?? 0) < id) return Installation.name
    for (const [q, by] of asked) {
      const rest = members.filter((r) => r !== q)
      const possible = rest.length < members.length && isMajority(rest, members)
      if (possible && by.some((p) => members.includes(p)) && going.some((r) => r !== q)) return Exclusion.name
    }
    for (const [m, { by: p, view }] of sent)
      if (correct.has(p) && view === id && !delivered[view]!.get(m)?.has(p)) return Validity.name
    for (const messages of delivered)
      for (const by of messages.values()) if (going.some((q) => !by.has(q))) return UniformAgreement.name
    return undefined
  },
}
