/**
 * What a process was when it sent a message: that some message is the first one of the leader of term 2 says more than
 * that it is the ninth from p1, and is the same whoever was elected.
 */
import type { Process } from '../../spec/language.ts'
import type { Observation, Trace } from '../kernel/trace.ts'
import { ordinal, parts } from './words.ts'

interface Role {
  readonly words: string
  /** What messages that are sent in this role say of it. */
  readonly term: unknown
}

/** The role that a process says it has come to. */
const roleOf = ({ kind, ...rest }: Observation): Role | undefined => {
  const { term } = rest as { readonly term?: unknown }
  return kind === 'lead' && term !== undefined ? { words: `leader of term ${term}`, term } : undefined
}

/** `the 1st raft.appendEntries from p2, leader of term 2, to p3`; `undefined`: it was sent in no role that is known. */
export function inRole(trace: Trace, address: string): string | undefined {
  const it = parts(address)
  if (it.kind !== 'message' || it.again) return undefined
  const sent = trace.findIndex(({ what }) => what.kind === 'send' && what.address === address)
  if (sent < 0) return undefined
  const since = roleBefore(trace, sent, it.from)
  if (since === undefined) return undefined
  const { place, role } = since
  const received = trace.find(({ what }) => what.kind === 'activation' && what.address === address)?.what
  if (received?.kind === 'activation' && received.input.kind === 'receive') {
    const { term } = received.input.message as { readonly term?: unknown }
    if (term !== role.term) return undefined
  }
  const family = address.slice(0, address.lastIndexOf('#'))
  const nth = trace
    .slice(place, sent + 1)
    .filter(({ what }) => what.kind === 'send' && what.address.startsWith(`${family}#`)).length
  return `the ${ordinal(nth)} ${it.name} from ${it.from}, ${role.words}, to ${it.to}`
}

/** The last role that a process has come to before this place of the trace, unless it has crashed since. */
function roleBefore(trace: Trace, before: number, p: Process) {
  for (let place = before; place >= 0; place--) {
    const { at, what } = trace[place]!
    if (at !== p) continue
    if (what.kind === 'fault' && what.fault === 'crash') return undefined
    const role = what.kind === 'observation' ? roleOf(what.action) : undefined
    if (role !== undefined) return { place, role }
  }
  return undefined
}
