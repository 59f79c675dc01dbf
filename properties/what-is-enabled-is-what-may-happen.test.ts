/**
 * An automaton lists, as what is enabled, exactly the outputs whose precondition holds, each once.
 *
 * Complete within bounds: every state that can be reached with up to three processes and as many messages as stated.
 */
import { describe, expect, test } from 'vitest'
import { fingerprint } from '../src/kernel/plain.ts'
import { alphabets, names, step } from '../test/support/worlds.ts'

const bounds = alphabets.flatMap((alphabet) => alphabet.sizes.map((size, i) => ({ ...alphabet, n: i + 1, size })))

describe.for(bounds)('$name, $n processes, $size messages or values', ({ automaton, universe, n, size }) => {
  test('in every reachable state', () => {
    const processes = names(n)
    const all = processes.map((p) => ({ p, ...universe(p, size) }))
    const start = automaton.initial(processes)
    const reached = new Map<string, unknown>([[fingerprint(start), start]])
    let outputs = 0
    for (const s of reached.values())
      for (const { p, inputs, outputs: possible } of all) {
        const may = possible
          .filter((output) => automaton.outputs[output.kind]!.pre(s, output.at, output))
          .map(fingerprint)
        const enabled = [...automaton.enabled(s, p)].map(fingerprint)
        if (enabled.toSorted().join() !== may.toSorted().join())
          expect({ s, p, enabled }).toEqual({ s, p, enabled: may })
        outputs += enabled.length
        for (const event of [...inputs, ...possible]) {
          const next = step(automaton, s, event)
          if (next !== undefined) reached.set(fingerprint(next), next)
        }
      }
    expect(outputs).toBeGreaterThan(reached.size / 4)
    expect(reached.size).toBeGreaterThan(size ** n)
  })
})
