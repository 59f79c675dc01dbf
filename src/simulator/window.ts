/** While something is under way that faults are to fall into: how it is seen in a run whether one does. */
import type { Window } from '../kernel/target.ts'

/** What counts: what is under way need not even notice that a message comes twice, or that a clock drifts. */
const counted: ReadonlySet<string> = new Set(['crash', 'omission', 'loss', 'lie', 'cut', 'suspect', 'last words'])

export class Windows {
  private readonly window: Window
  /** The ranks of those for whom it is open. */
  private readonly open = new Set<number>()
  /** It counts once in a run. */
  private hit = false

  constructor(window: Window) {
    this.window = window
  }

  reset(): void {
    this.open.clear()
    this.hit = false
  }

  observed(at: number, kind: string): void {
    if (kind === this.window.opens) this.open.add(at)
    else if (kind === this.window.closes) this.open.delete(at)
  }

  /** Whether this is the first fault of the run to fall into it. */
  struck(what: string): boolean {
    if (this.hit || this.open.size === 0 || !counted.has(what)) return false
    this.hit = true
    return true
  }
}
