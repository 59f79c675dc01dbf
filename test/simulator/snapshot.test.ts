/** A world can be copied in the middle of a run, and every run goes on from its copy as it went on from itself. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hash, mix, Random } from '../../src/kernel/random.ts'
import type { Target } from '../../src/kernel/target.ts'
import { judge } from '../../src/monitors/index.ts'
import { atomicBroadcastTarget, overIdeals, synodTarget } from '../../src/protocols/index.ts'
import { type Adversary, Lab, Ledger, Recorder, type Step, type World } from '../../src/simulator/index.ts'

/** Does anything, but remembers nothing: all that it does follows from where the run is. */
const forgetful = (seed: number, assumptions: Target['assumptions']): Adversary => {
  const draw = (world: World, what: string, below: number): number =>
    mix(seed, world.activation, world.pending.length, hash(what)) % below
  return {
    fate(world: World, step: Step) {
      const drawn = draw(world, step.address, 40)
      if (step.from < 0 || step.again) return 'pending'
      if (drawn === 0 && assumptions.omissions === 'general') return 'omitted by sender'
      if (drawn === 1) world.duplicate(step, 3)
      return drawn < 5 ? 'held' : 'pending'
    },
    pick(world) {
      if (world.activation > 60) return -1
      const chance = draw(world, 'fault', 30)
      const p = world.names[draw(world, 'who', world.names.length)]!
      const q = world.names[draw(world, 'whom', world.names.length)]!
      if (world.pending.every(({ fault }) => fault === undefined)) {
        if (chance === 0) return world.offerFault({ do: 'recover', process: p, when: 'gst', unsynced: 'kept' })
        if (chance === 1) return world.offerFault({ do: 'pause', process: p })
        if (chance === 2) return world.offerFault({ do: 'resume', process: p })
        if (chance === 3) return world.offerFault({ do: 'cut', groups: [[p], world.names.filter((r) => r !== p)] })
        if (chance === 4) return world.offerFault({ do: 'heal' })
        if (chance === 5 && p !== q) return world.offerFault({ do: 'suspect', by: p, of: q })
        if (chance === 6) return world.offerFault({ do: 'skew', process: p, permille: 500 })
      }
      const [first] = world.held
      if (first !== undefined && draw(world, 'release', 5) === 0) world.release(first)
      return world.pending.length === 0 ? -1 : draw(world, 'pick', world.pending.length)
    },
    crash: (world, at) => (draw(world, `crash ${at}`, 25) === 0 ? draw(world, 'sends', 4) : -1),
    loses: (world, step) => draw(world, step.address, 3) === 0,
    choose: (world, step, among) => draw(world, step.address, among),
  }
}

/** Steps until nothing is left, or so often. */
async function advance(world: World, steps: number): Promise<number> {
  for (let i = 0; i < steps; i++) {
    const place = world.stabilized ? (world.pending.length > 0 ? 0 : -1) : world.adversary.pick(world)
    if (place >= 0) await world.step(place)
    else if (world.stabilized) return i
    else world.stabilize()
  }
  return steps
}

const targets: readonly Target[] = [
  synodTarget,
  atomicBroadcastTarget,
  overIdeals,
  {
    ...synodTarget,
    name: 'synod, FIFO and fair-loss',
    assumptions: { ...synodTarget.assumptions, fifo: true, links: 'fair-loss' },
  },
]

describe('a run goes on from a snapshot as it went on from itself', () => {
  for (const target of targets)
    test(target.name, async () => {
      const monitors = judge(target.specifications)
      const lab = await Lab.open(target, 3, monitors)
      const { world } = lab
      const seen = { after: 0, different: 0 }
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.integer({ min: 0, max: 60 }), fc.nat(), async (seed, before, other) => {
          world.ledger = new Ledger()
          const requests = target.workload(new Random(seed), lab.processes)
          await world.reset({ processes: 3, requests, seed }, forgetful(seed, target.assumptions))
          await advance(world, before)
          const snapshot = world.snapshot()!
          const rest = async (adversary: Adversary) => {
            world.adversary = adversary
            const recorder = new Recorder(world)
            world.watch = recorder
            const steps = await advance(world, 200)
            world.watch = undefined
            seen.after = Math.max(seen.after, steps)
            return JSON.stringify([
              recorder.entries,
              world.fingerprint(),
              monitors.finding,
              lab.states(),
              [...world.correct()],
            ])
          }
          // Lost messages are written into the entries of the recorder that saw them sent.
          const same = forgetful(seed, target.assumptions)
          const withoutLosses: Adversary = { ...same, loses: () => false }
          const first = await rest(withoutLosses)
          world.restore(snapshot)
          // Whatever else happens in between, the snapshot stays as it is.
          const between = await rest({ ...forgetful(other, target.assumptions), loses: () => false })
          world.restore(snapshot)
          expect(await rest(withoutLosses)).toBe(first)
          if (between !== first) seen.different++
        }),
        { seed: 8, numRuns: 60 },
      )
      expect(seen.after).toBeGreaterThan(20)
      expect(seen.different).toBeGreaterThan(20)
      await lab.close()
    })
})

test('a host that cannot be copied has no snapshot', async () => {
  const silent = () => ({ activate() {}, crash() {}, reset() {} })
  const lab = await Lab.open({ ...synodTarget, system: silent }, 3, judge({}))
  expect(lab.world.snapshot()).toBeUndefined()
})
