/** What is violated in time that a run was given for something else is violated in that run. */
import { expect, test } from 'vitest'
import { total } from '../../examples/own/target.ts'
import { because, liveness, safety, specification } from '../../spec/language.ts'
import { lowestVote } from '../../src/bugs/synod.ts'
import { explore, investigate, Labs, replay, weakest } from '../../src/campaign/index.ts'
import { check, type Module, type Shape, type Target } from '../../src/index.ts'

interface Clock extends Shape {
  port: { request: { readonly kind: 'go' }; indication: { readonly kind: 'boom' | 'done' } }
  message: never
  timer: { readonly kind: 'tick' }
  below: {}
}

/** Goes boom at tick 60, and is done at tick 80. */
const clock: Module<Clock, { ticks: number }> = {
  name: 'clock',
  rules: {},
  initial: () => ({ ticks: 0 }),
  upon: { go: (_, _s, me) => me.after(1, { kind: 'tick' }) },
  receive: {},
  expire: {
    tick(_, s, me) {
      s.ticks++
      if (s.ticks === 60) me.indicate({ kind: 'boom' })
      if (s.ticks === 80) me.indicate({ kind: 'done' })
      else me.after(1, { kind: 'tick' })
    },
  },
  from: {},
}

const saying = (kind: string) => (kinds: readonly string[]) => kinds.includes(kind)
const [explodes, ends] = [saying('boom'), saying('done')]

const target: Target = {
  ...total,
  name: 'clock',
  specifications: {
    clock: specification({
      name: 'Clock',
      source: 'here',
      properties: [
        safety<readonly string[]>('Peace', 'It never goes boom.', function* (kinds) {
          if (explodes(kinds)) yield because`it goes boom`
        }),
        liveness<readonly string[]>('End', 'It is done one day.', function* (kinds) {
          if (!ends(kinds)) yield because`it is never done`
        }),
      ],
      variants: [],
      read: ({ events }) => events.map(({ kind }) => kind),
    }),
  },
  mustSee: [],
  workload: () => [{ client: 'c1', to: 'p1', at: 0, operation: { kind: 'go' } }],
  system: { module: clock, below: {} },
  bound: 20,
}

test('a violation behind the bound is found again when nobody asks any more for what was owed there', async () => {
  const { verdict, because, counterexample } = await check(target, { runs: 3, reports: false, further: 0 })
  expect(because).toBeUndefined()
  expect(verdict).toBe('violated')
  expect(counterexample!.finding).toMatchObject({ property: 'Peace', because: 'it goes boom' })
  expect(counterexample!.minimal).toBe(true)
})

test('what is told of the progress is the smallest so far, though another violation begins large again', async () => {
  const plan = { seed: 1, processes: [3], policy: 'mixed', beyond: false } as const
  const labs = new Labs(lowestVote, plan)
  const { first } = await explore(labs, plan, 0, 20000)
  const told: number[] = []
  await investigate(labs, plan, first!, {
    reference: lowestVote.name,
    progress: ({ deviations }) => told.push(deviations.length),
  })
  await labs.close()
  expect(told.length).toBeGreaterThan(20)
  expect(told).toEqual(told.toSorted((a, b) => b - a))
})

test('who watches sees how far a run is that is repeated', async () => {
  const plan = { seed: 1, processes: [3], policy: 'mixed', beyond: false } as const
  const labs = new Labs(lowestVote, plan)
  const { first } = await explore(labs, plan, 0, 200_000)
  const { counterexample } = await investigate(labs, plan, first!, { reference: 'synod/lowest-vote', further: 0 })
  const { schedule, finding, steps } = counterexample
  const stage = new Int32Array(4)
  const seen = () => [stage[0], Math.abs(stage[1]!)]
  await replay(counterexample, lowestVote, stage)
  expect(seen()).toEqual([3, steps.length])
  stage.fill(0)
  await weakest(lowestVote, schedule, finding, { stage })
  expect(seen()[0]).toBe(3)
  expect(seen()[1]).toBeGreaterThan(0)
  await labs.close()
})
