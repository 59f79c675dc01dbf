/** What is asked of every process, in runs of a line: `1x` p1 throws x, `1!` the adversary crashes it in the end. */
import type { History } from '../language.ts'
import { Process, type Throw } from '../no-crash.ts'
import type { Litmus } from './language.ts'

function read(line: string): History {
  const words = line.split(' ').map((word) => {
    const [, rank, error] = /^(\d)(?:!|([a-z]))$/.exec(word) ?? []
    if (rank === undefined) throw new SyntaxError(`not what a process does: '${word}' in '${line}'`)
    return { at: `p${rank}`, error }
  })
  return {
    processes: [...new Set(words.map(({ at }) => at))],
    // Whoever throws is gone as well.
    correct: new Set(),
    events: words.flatMap(({ at, error }): Throw[] => (error === undefined ? [] : [{ kind: 'throw', at, error }])),
  }
}

export const noCrash: Litmus = {
  specification: Process,
  read,
  table: `
            NC
    1x      -    a process throws
    1!      +    a process is crashed by the adversary, which is no fault of its own
    1! 2x   -    a process throws when another one has crashed
`,
}
