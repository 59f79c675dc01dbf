/** What most papers of this folder assume. */
import type { Assumptions } from '../../kernel/target.ts'

/** Crashes of a minority, over links that are reliable between correct processes and keep no order. */
export const asynchronous: Assumptions = {
  faulty: 'minority',
  crashes: true,
  recovery: 'none',
  omissions: 'none',
  links: 'quasi-reliable',
  duplicates: true,
  fifo: false,
  detector: 'none',
  drift: true,
}
