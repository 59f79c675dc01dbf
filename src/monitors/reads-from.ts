/**
 * Whether requests read what others have written (in histories of transactions, the relation *reads-from*: P. Bernstein,
 * V. Hadzilacos and N. Goodman. Concurrency Control and Recovery in Database Systems, 1987, §2.6). As long as none does, a
 * service that keeps nothing is one copy.
 */
import type { ReplicatedObject, State } from '../../spec/object.ts'

/** What they are counted as. */
export const readsFrom = 'reads-from'

export class ReadsFrom {
  private times = 0
  private readonly object: ReplicatedObject

  constructor(object: ReplicatedObject) {
    this.object = object
  }

  get counted(): ReadonlyMap<string, number> {
    return new Map(this.times > 0 ? [[readsFrom, this.times]] : [])
  }

  /** A request has read these variables in a state. One with its first value might never have been written. */
  seen(state: State, variables: readonly string[]): void {
    const { variables: first } = this.object
    if (variables.some((name) => state[name] !== first[name])) this.times++
  }
}
