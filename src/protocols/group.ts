/** A group that processes join and leave while messages are ordered in it: the port of the designs of integration. */
import type { Incarnation } from '../../spec/integration.ts'
import type { Process } from '../../spec/language.ts'
import type { Port } from '../kernel/module.ts'
import type { Json } from '../kernel/plain.ts'
import type { AtomicBroadcast } from './broadcast.ts'

/** A piece of a snapshot, by which it is transferred: whatever the layer above likes, one after the other. */
export type Part = readonly Json[]

/** Atomic broadcast within a group, to which a state belongs that is kept above. */
export interface Group extends Port {
  readonly request:
    | AtomicBroadcast['request']
    /** This process is to join, or to leave. */
    | { readonly kind: 'add' | 'remove' }
    /** The answer to `capture`, in the same activation. */
    | { readonly kind: 'state'; readonly parts: readonly Part[] }
  readonly indication:
    | AtomicBroadcast['indication']
    /** Who belongs to the group from here in the order on. */
    | { readonly kind: 'members'; readonly members: readonly Process[] }
    /** What is the state here in the order? */
    | { readonly kind: 'capture' }
    | { readonly kind: 'join'; readonly incarnation: Incarnation }
    /** The state where this process has come into the order; what is adelivered from now on comes behind it. */
    | { readonly kind: 'install'; readonly parts: readonly Part[] }
    /** This process belongs to it from the start; or since it has joined; or no longer. */
    | { readonly kind: 'found' | 'active' | 'leave' }
    /** A joiner asks somebody else. */
    | { readonly kind: 'next-donor'; readonly donor: Process }
    /** What was asked, or was sent, cannot be taken. */
    | { readonly kind: 'refuse'; readonly because: string }
}

/** Who founds the group; whoever else there is may join. */
export const foundersOf = (processes: readonly Process[]): readonly Process[] => processes.slice(0, 2)
