/** Runs of every policy: legal, repeatable, and explained by a schedule that gives the same run again. */
import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { Chooser, explain, overstepped, policies, Script } from '../../src/adversary/index.ts'
import { drawPlan } from '../../src/adversary/plan.ts'
import { bugs } from '../../src/bugs/index.ts'
import { Random } from '../../src/kernel/random.ts'
import { processes } from '../../src/kernel/schedule.ts'
import type { Assumptions, Target } from '../../src/kernel/target.ts'
import { mayAllCrash, tolerated } from '../../src/kernel/target.ts'
import { judge } from '../../src/monitors/index.ts'
import {
  atomicBroadcastTarget,
  overIdeals,
  protocols,
  raftServiceTarget,
  reliableBroadcastTarget,
  synodTarget,
  votingOverIdeal,
} from '../../src/protocols/index.ts'
import { Lab, type Recording } from '../../src/simulator/index.ts'
import { ask, puppet, target as puppetTarget } from '../support/puppets.ts'

const under = (target: Target, assumptions: Partial<Assumptions>): Target => ({
  ...target,
  name: `${target.name}, ${JSON.stringify(assumptions)}`,
  assumptions: { ...target.assumptions, ...assumptions },
})

const otherwise: readonly Target[] = [
  under(synodTarget, { fifo: true }),
  under(atomicBroadcastTarget, { fifo: true }),
  under(synodTarget, { links: 'fair-loss' }),
  under(atomicBroadcastTarget, { links: 'fair-loss', fifo: true }),
  under(synodTarget, { links: 'reliable', recovery: 'none', drift: false }),
  under(synodTarget, { omissions: 'send' }),
  under(synodTarget, { omissions: 'receive' }),
  // Where no majority is left, it goes on until its bound.
  { ...under(synodTarget, { detector: 'P', faulty: 'all but one' }), bound: 200 },
  under(synodTarget, { detector: 'unreliable' }),
  // Services, and processes that come back to them.
  under(overIdeals, { recovery: 'stable', faulty: 'all but one' }),
  under(reliableBroadcastTarget, { omissions: 'general', recovery: 'stable', duplicates: false }),
  under(synodTarget, { faulty: 'none', detector: 'none' }),
]

const drawing = policies.filter((policy) => !['mixed', 'few', 'exhaustive'].includes(policy))
/** A mutant of a replicated service runs until its bound, more often than not. */
const variants = bugs.filter(({ client }) => client === undefined)
/**
 * Activations to look at under each policy; a long run shows as much as many short ones. Cuts and last words are seldom, so
 * that what becomes of them takes more to see; a variant has little that its protocol has not.
 */
const enough = (target: Target): number =>
  variants.includes(target) ? 50 : target.assumptions.fifo || target.assumptions.links === 'fair-loss' ? 700 : 150

describe('every run that a policy draws is legal, the same again, and explained event for event', () => {
  for (const target of [...protocols, ...variants, ...otherwise])
    test(target.name, async () => {
      const sizes = variants.includes(target) ? target.processes.slice(0, 1) : target.processes
      const open = async (n: number) => {
        const lab = await Lab.open(target, n, judge(target.specifications))
        return { n, lab, chooser: new Chooser(lab) }
      }
      const rooms = await Promise.all(sizes.map(open))
      // Each policy begins with another number of processes, and takes them in turn.
      for (const [place, policy] of drawing.entries())
        for (let i = 0, seen = 0; seen < enough(target); i++) {
          const { n, lab, chooser } = rooms[(place + i) % rooms.length]!
          const { scenario, fresh } = (await chooser.choose(policy, 21, i))!
          const run = await lab.record(scenario, fresh())
          seen += run.outcome.activations
          const same = ({ trace }: Recording) => isDeepStrictEqual(trace, run.trace)
          assert.ok(same(await lab.record(scenario, fresh())), `${policy} ${n} ${i} is the same again`)
          const schedule = explain(run.entries, { ...scenario, bound: { activations: lab.bound } })
          assert.equal(overstepped(schedule, target.assumptions), undefined, `${policy} ${n} ${i}`)
          withinAssumptions(run, target, n)
          const replayed = await lab.record(schedule, new Script(schedule))
          assert.ok(same(replayed), `${policy} ${n} ${i} is explained`)
          assert.deepEqual(replayed.outcome, run.outcome)
        }
      for (const { lab } of rooms) await lab.close()
    })
})

/** Looks at nothing but the trace: who failed, what was lost, and what was promised and never came. */
function withinAssumptions({ trace, outcome, entries }: Recording, { assumptions }: Target, n: number): void {
  const crashed = new Set<string>()
  const down = new Set<string>()
  for (const { at, what } of trace) {
    if (what.kind !== 'fault') continue
    if (what.fault === 'crash') {
      crashed.add(at)
      down.add(at)
    } else if (what.fault === 'recover') down.delete(at)
  }
  const charged = mayAllCrash(assumptions) ? [] : crashed
  const faulty = new Set([...charged, ...processes(n).filter((p) => !outcome.correct.has(p))])
  // Where all may crash, a violation may come while more are down than GST would have left down.
  if (!mayAllCrash(assumptions) || outcome.ended !== 'violated')
    assert.ok(faulty.size <= tolerated(assumptions, n), `${faulty.size} are faulty`)
  if (!assumptions.crashes) assert.equal(crashed.size, 0)
  // Who is up again is correct, unless it has done something else.
  for (const p of down) assert.ok(!outcome.correct.has(p), p)
  const received = new Set(
    trace.flatMap(({ what }) => (what.kind === 'activation' && what.input.kind === 'receive' ? [what.address] : [])),
  )
  const background = new Set(
    entries.flatMap((entry) => (entry.what === 'offered' && entry.background ? [entry.address] : [])),
  )
  const cut = new Set(entries.flatMap((entry) => (entry.what === 'cut' ? [entry.address] : [])))
  for (const { at, what } of trace) {
    if (what.kind === 'fault' && what.fault === 'recover') assert.notEqual(assumptions.recovery, 'none')
    if (what.kind !== 'send') continue
    if (what.lie) {
      assert.ok(assumptions.lies)
      assert.ok(!outcome.correct.has(at), `${at} lies`)
    }
    if (what.omitted === 'by link') assert.equal(assumptions.links, 'fair-loss')
    else if (what.omitted !== undefined) {
      const culprit = what.omitted === 'by sender' ? at : what.to
      const side = what.omitted === 'by sender' ? 'send' : 'receive'
      const allowed = assumptions.omissions === 'general' || assumptions.omissions === side
      if (allowed) assert.ok(!outcome.correct.has(culprit), `${culprit} omits`)
      else assert.ok(side === 'send' && assumptions.links !== 'reliable' && crashed.has(culprit), what.address)
    } else if (outcome.ended === 'rest' && outcome.correct.has(at) && outcome.correct.has(what.to)) {
      // At rest, whatever one correct process has sent to another has come, unless links may lose it, or the other one was
      // down. What comes of background timers is always on its way.
      if (crashed.has(what.to)) continue
      if (background.has(what.address)) continue
      if (cut.has(what.address)) assert.equal(assumptions.links, 'fair-loss')
      else assert.ok(received.has(what.address), `${what.address} never comes`)
    }
  }
}

describe('every schedule that is drawn or enumerated is legal, and the same again', () => {
  for (const target of [...protocols, ...otherwise])
    test(target.name, async () => {
      const n = target.processes[0]!
      const lab = await Lab.open(target, n, judge(target.specifications))
      const chooser = new Chooser(lab)
      for (const policy of ['few', 'exhaustive'] as const)
        for (let i = 0, seen = 0; i < 25 && seen < 250; i++) {
          const choice = await chooser.choose(policy, 22, policy === 'few' ? i : i * 7)
          if (choice === undefined) break
          assert.equal(overstepped(choice.schedule!, target.assumptions), undefined)
          const run = await lab.record(choice.scenario, choice.fresh())
          seen += run.outcome.activations
          withinAssumptions(run, target, n)
          const again = await lab.record(choice.scenario, choice.fresh())
          assert.ok(isDeepStrictEqual(again.trace, run.trace), `${policy} ${i} is the same again`)
        }
      await lab.close()
    })
})

test('liars lie on both sides, in all ways, and crash as well', async () => {
  const lab = await Lab.open(votingOverIdeal, 3, judge(votingOverIdeal.specifications))
  const chooser = new Chooser(lab)
  const drawn = new Set<string>()
  for (let i = 0; i < 60; i++) {
    const { scenario, fresh } = (await chooser.choose('pos', 24, i))!
    const { entries } = await lab.record(scenario, fresh())
    const { deviations } = explain(entries, { ...scenario, bound: { activations: lab.bound } })
    const lies = deviations.flatMap((d) => (d.do === 'lie' ? [d] : []))
    for (const { side, index } of lies) drawn.add(`${side} ${index > 5 ? 'another' : index}`)
    if (lies.length > 0 && deviations.some((d) => d.do === 'crash')) drawn.add('crash')
  }
  const kinds = [1, 2, 3, 4, 5, 'another'].flatMap((index) => [`send ${index}`, `receive ${index}`])
  expect([...drawn].sort()).toEqual([...kinds, 'crash'].sort())
  await lab.close()
})

test('all kinds of faults are drawn', async () => {
  const lab = await Lab.open(synodTarget, 3, judge(synodTarget.specifications))
  const chooser = new Chooser(lab)
  const kinds = new Set<string>()
  let restarts = 0
  for (let i = 0; i < 300; i++) {
    const { scenario, fresh } = (await chooser.choose('pos', 23, i))!
    const { entries } = await lab.record(scenario, fresh())
    for (const { do: kind } of explain(entries, { ...scenario, bound: { activations: lab.bound } }).deviations)
      kinds.add(kind)
    restarts = Math.max(restarts, ...lab.world.machines.map(({ incarnation }) => incarnation))
  }
  expect([...kinds].sort()).toEqual([
    'crash',
    'cut',
    'duplicate',
    'hold',
    'omit',
    'pause',
    'recover',
    'skew',
    'suspect',
  ])
  expect(restarts).toBeGreaterThan(2)
})

test('fair-loss links lose single messages, those of clients too, until GST', async () => {
  const { assumptions } = raftServiceTarget
  expect(assumptions.links).toBe('fair-loss')
  const lab = await Lab.open(raftServiceTarget, 3, judge(raftServiceTarget.specifications))
  const chooser = new Chooser(lab)
  const lost = new Set<string>()
  for (let i = 0; i < 100; i++) {
    const { scenario, fresh } = (await chooser.choose('timed', 25, i))!
    const { entries } = await lab.record(scenario, fresh())
    const gst = entries.findIndex(({ what }) => what === 'gst')
    for (const [place, entry] of entries.entries()) {
      if (entry.what !== 'offered' || entry.fate !== 'omitted by link') continue
      if (gst >= 0) expect(place).toBeLessThan(gst)
      lost.add(entry.address.split(' ')[0]!.replaceAll(/\d/g, ''))
    }
  }
  expect([...lost].sort()).toEqual(['c>p', 'p>c', 'p>p'])
  await lab.close()
})

test('a process that does more in an activation than there are others may crash anywhere in it', async () => {
  const letters = [...'abcdefghij']
  const chatty: Target = {
    ...puppetTarget({ module: puppet({}), below: {} }, { faulty: 1, detector: 'none' }),
    workload: () => [ask('p1', 0, ...letters.map((letter) => `send p2 ${letter}`))],
  }
  const lab = await Lab.open(chatty, 3, judge({}))
  const chooser = new Chooser(lab)
  for (const policy of ['guided', 'pos'] as const) {
    const sent = new Set<number>()
    for (let i = 0; i < 1000 && sent.size <= letters.length; i++) {
      const choice = (await chooser.choose(policy, 1, i))!
      const { trace } = await lab.record(choice.scenario, choice.fresh())
      sent.add(trace.filter(({ at, what }) => at === 'p1' && what.kind === 'send').length)
    }
    expect([...sent].sort((a, b) => a - b)).toEqual([...letters.keys(), letters.length])
  }
})

test('detectors err one by one and several at once, about one and about several', () => {
  const names = ['p1', 'p2', 'p3']
  const seen = new Set<string>()
  for (let i = 0; i < 300; i++) {
    const moments = new Map<number, { readonly suspecting: Set<string>; readonly suspected: Set<string> }>()
    const { faults } = drawPlan(new Random(i), synodTarget.assumptions, names, { horizon: 60, points: 4, ticks: 20 })
    for (const { after, fault } of faults) {
      if (fault.do !== 'suspect') continue
      const { by, of } = fault
      expect(by).not.toBe(of)
      const ends = faults.filter(({ fault }) => fault.do === 'trust' && fault.by === by && fault.of === of)
      expect(Math.max(...ends.map(({ after }) => after))).toBeGreaterThan(after)
      const moment = moments.get(after) ?? { suspecting: new Set(), suspected: new Set() }
      moments.set(after, moment)
      moment.suspecting.add(by)
      moment.suspected.add(of)
    }
    for (const { suspecting, suspected } of moments.values()) seen.add(`${suspecting.size} of ${suspected.size}`)
  }
  for (const one of [1, 2, 3]) expect(seen).toContain(`${one} of ${one}`)
  for (const shape of ['1 of 2', '2 of 1']) expect(seen).toContain(shape)
})

test('clients mostly ask at once, and in some runs for as long as the adversary has control', async () => {
  const lab = await Lab.open(atomicBroadcastTarget, 3, judge({}))
  const chooser = new Chooser(lab)
  const latest: number[] = []
  for (let i = 0; i < 200; i++) {
    const { scenario, fresh } = (await chooser.choose('timed', 1, i))!
    const adversary = fresh()
    let asked = 0
    adversary.taken = ({ now }, { input }) => {
      if (input.kind === 'request') asked = now
    }
    await lab.record(scenario, adversary)
    latest.push(asked)
  }
  // The requests of this workload come before tick 10, and benign runs have ended before tick 50.
  const late = latest.filter((tick) => tick >= 10)
  expect(late.length).toBeGreaterThan(200 / 6)
  expect(late.length).toBeLessThan(200 / 3)
  expect(late.some((tick) => tick > 50)).toBe(true)
})
