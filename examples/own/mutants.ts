/** Bugs of one's own in reference protocols: what finds them shows what a property is for. */
import { mutant } from 'onecopy'

const half = (_: unknown, n: number) => Math.ceil(n / 2)

/** Of four processes two halves need not meet. */
export const byHalf = mutant(
  'synod',
  { name: 'by-half', says: 'half of the processes are a majority', violates: 'Consensus: Uniform Agreement' },
  { rules: { majority: half } },
)

/** The same, in the layer below. */
export const orderedByHalf = mutant(
  'atomic-broadcast',
  { name: 'by-half', says: 'half of the processes are a majority in the consensus below', layer: 'consensus' },
  { rules: { majority: half } },
)
