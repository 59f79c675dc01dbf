/** Who belongs to a group, as the order has it: the same at every member that has taken the same beginning of it. */
import type { Incarnation } from '../../spec/integration.ts'
import type { Process } from '../../spec/language.ts'

export interface Membership {
  /** In the order in which they have become members. */
  readonly members: readonly Process[]
  /** As what each process has joined last; who is there from the start is not among them. */
  readonly incarnations: { readonly [p: Process]: Incarnation }
  /** Those that have joined and are not yet active. */
  readonly newcomers: { readonly [p: Process]: Incarnation }
}

export const founded = (members: readonly Process[]): Membership => ({ members, incarnations: {}, newcomers: {} })

export const incarnationOf = ({ incarnations }: Membership, p: Process): Incarnation => incarnations[p] ?? 0

export const isNewcomer = ({ newcomers }: Membership, p: Process, incarnation: Incarnation): boolean =>
  newcomers[p] === incarnation

/** A process joins; what it was before is no more. */
export const joined = (group: Membership, p: Process, incarnation: Incarnation): Membership => ({
  members: without(group.members, p),
  incarnations: { ...group.incarnations, [p]: incarnation },
  newcomers: { ...group.newcomers, [p]: incarnation },
})

/** A newcomer has come to be like the others. */
export const activated = (group: Membership, p: Process): Membership => ({
  ...abandoned(group, p),
  members: [...group.members, p],
})

/** A newcomer is waited for no longer. */
export function abandoned(group: Membership, p: Process): Membership {
  const { [p]: _, ...newcomers } = group.newcomers
  return { ...group, newcomers }
}

export const left = (group: Membership, p: Process): Membership => ({ ...group, members: without(group.members, p) })

const without = (members: readonly Process[], p: Process): readonly Process[] => members.filter((q) => q !== p)
