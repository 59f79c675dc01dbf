/**
 * The two judgements of a replicated service: what the replicas show of their order, and what the clients see. The
 * first is stronger; it finds faults that no client has noticed yet, and it misses none that a client can notice.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Linearizability } from '../spec/linearizability.ts'
import { replication } from '../spec/replication.ts'
import { demands, services } from '../test/support/services.ts'
import { runs, Seen, violated } from '../test/support/verdicts.ts'

describe.for(demands)('$object.name', (demand) => {
  const specification = replication(demand.object)
  const order = specification.properties.filter(({ kind }) => kind === 'safety')

  test('a run that violates nothing else is linearizable, and not the other way round', () => {
    const seen = new Seen()
    fc.assert(
      fc.property(services(demand, 60), (history) => {
        const unsafe = violated(order, specification, history).length > 0
        const visible = violated([Linearizability], specification, history).length > 0
        expect(visible && !unsafe).toBe(false)
        seen.count(visible ? 'seen by clients' : unsafe ? 'seen in the order alone' : 'nothing')
        if (!unsafe && history.events.filter(({ kind }) => kind === 'reply').length > 3) seen.count('many replies')
      }),
      { seed: 7, numRuns: runs(2000) },
    )
    for (const what of ['nothing', 'many replies', 'seen in the order alone', 'seen by clients'])
      expect(seen.of(what), what).toBeGreaterThan(30)
  })
})
