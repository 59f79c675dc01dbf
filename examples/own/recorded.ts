/** A history that was recorded elsewhere, judged by what its clients have seen. */
import { checkLinearizability, jepsenHistory, misplaced, objects, operations, registerMeanings } from 'onecopy'

/** Why a history of reads, writes and compare-and-sets is not linearizable; nothing if it is. */
export function complaints(edn: string): readonly string[] {
  const { events } = jepsenHistory(edn, registerMeanings, objects.register)
  const judgement = checkLinearizability(objects.register, operations(events))
  if (judgement.verdict === 'undecided') throw new Error(`nobody knows: ${judgement.because}`)
  return [...misplaced(judgement)].map(({ because }) => because)
}
