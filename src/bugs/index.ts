/** The catalogue: mutants that must be found, and benign variants that must not be flagged. */
import type { Target } from '../kernel/target.ts'
import * as broadcast from './broadcast.ts'
import * as synod from './synod.ts'

export const bugs: readonly Target[] = [...Object.values(synod), ...Object.values(broadcast)]
