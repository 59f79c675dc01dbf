/** The enumeration leaves nothing out: checked against one that is written by hand for a run that is easy to oversee. */
import { describe, expect, test } from 'vitest'
import { type Choice, Chooser, enumerated as inWords, legal, overstepped, Script } from '../../src/adversary/index.ts'
import { explore, Labs } from '../../src/campaign/index.ts'
import { Random } from '../../src/kernel/random.ts'
import type { Deviation } from '../../src/kernel/schedule.ts'
import type { Assumptions, Target } from '../../src/kernel/target.ts'
import { judge } from '../../src/monitors/index.ts'
import { Lab } from '../../src/simulator/index.ts'
import { ask, puppet, schedule, target } from '../support/puppets.ts'

/** One request, at which p1 sends one message and says something. */
const small = (assumptions: Partial<Assumptions>): Target => ({
  ...target({ module: puppet({}), below: {} }, assumptions),
  processes: [2],
  workload: () => [ask('p1', 0, 'send p2 x', 'say y')],
})

async function enumerated(of: Target): Promise<readonly Choice[]> {
  const lab = await Lab.open(of, 2, judge({}))
  const chooser = new Chooser(lab)
  const all: Choice[] = []
  for (let i = 0; ; i++) {
    const choice = await chooser.choose('exhaustive', 1, i)
    if (choice === undefined) return all
    all.push(choice)
  }
}

const singles = (all: readonly Choice[]): readonly Deviation[] =>
  all.flatMap(({ schedule }) => (schedule!.deviations.length === 1 ? schedule!.deviations : []))

const nothing: Partial<Assumptions> = {
  crashes: false,
  omissions: 'none',
  duplicates: false,
  detector: 'none',
  faulty: 1,
}

describe('all schedules with at most two deviations', () => {
  test('hold everything that is offered, alone and with its class', async () => {
    const all = await enumerated(small(nothing))
    const holds = (what: string): Deviation[] =>
      ([1, 'all'] as const).map((count) => ({ do: 'hold', what, count, until: 'gst' }))
    expect(singles(all)).toEqual([...holds('c1?#1'), ...holds('p1>p2 puppet.x#1')])
    expect(all.map(({ schedule }) => schedule!.deviations.length)).toEqual([0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2])
    expect(all.map(({ completes }) => completes)).toEqual([
      ...Array.from({ length: 4 }, () => undefined),
      1,
      ...Array.from({ length: 6 }, () => undefined),
    ])
  })

  test('crash every process in every activation at every point that makes a difference', async () => {
    const all = await enumerated(small({ ...nothing, crashes: true, links: 'reliable' }))
    const crashes = singles(all).flatMap((d) => (d.do === 'crash' ? [`${d.at} ${d.point}`] : []))
    expect(crashes.sort()).toEqual(
      [
        'p1 @1 0',
        'p1 @1 end',
        // Before it does anything, when it has said what it does but not sent it, and when it has sent it and has not said y.
        'p1 @2 0',
        'p1 @2 1',
        'p1 @2 2',
        'p1 @2 end',
        'p2 @1 0',
        'p2 @1 end',
        'p2 @2 0',
        'p2 @2 end',
      ].sort(),
    )
  })

  test('lose the last words of whoever crashes, where links are not reliable', async () => {
    const lost = async (links: Assumptions['links']) =>
      (await enumerated(small({ ...nothing, crashes: true, links }))).filter(({ schedule }) =>
        schedule!.deviations.some((d) => d.do === 'omit'),
      )
    expect((await lost('quasi-reliable')).length).toBeGreaterThan(0)
    for (const { schedule } of await lost('quasi-reliable'))
      expect(schedule!.deviations.map((d) => d.do).sort()).toEqual(['crash', 'omit'])
    expect(await lost('reliable')).toEqual([])
  })

  test('suspect every process from the start, and after every step', async () => {
    const errs = singles(await enumerated(small({ ...nothing, detector: '◇S' }))).filter((d) => d.do === 'suspect')
    const from = [{ tick: 0 }, { after: 'c1?#1' }, { after: 'p1>p2 puppet.x#1' }]
    expect(errs).toEqual(
      [
        ['p1', 'p2'],
        ['p2', 'p1'],
      ].flatMap(([by, of]) => from.map((from) => ({ do: 'suspect', by, of, from, until: 'gst' }))),
    )
  })

  test('lie about every message, on both sides, where that is tolerated', async () => {
    const lies = async (assumed: Partial<Assumptions>) =>
      singles(await enumerated(small({ ...nothing, ...assumed }))).filter((d) => d.do === 'lie')
    const what = 'p1>p2 puppet.x#1'
    expect(await lies({ lies: true })).toEqual(
      (['send', 'receive'] as const).flatMap((side) =>
        [1, 2].flatMap((index) => ([1, 'all'] as const).map((count) => ({ do: 'lie', what, count, side, index }))),
      ),
    )
    expect(await lies({ lies: false })).toEqual([])
    expect(await lies({ lies: true, faulty: 'none' })).toEqual([])
  })

  test('are of the kinds that are named, and the others are named as missing', async () => {
    const tolerant = small({ ...nothing, crashes: true, recovery: 'stable', omissions: 'general', duplicates: true })
    const assumptions = {
      ...tolerant.assumptions,
      links: 'fair-loss',
      detector: '◇S',
      drift: true,
      lies: true,
    } as const
    const kinds = new Set(singles(await enumerated({ ...tolerant, assumptions })).map((d) => d.do))
    const [there, missing] = inWords.split('; no ')
    const words: Readonly<Record<Deviation['do'], string>> = {
      hold: 'holds',
      omit: 'omissions',
      lose: 'messages that fair-loss links lose',
      lie: 'lies',
      duplicate: 'duplicates',
      crash: 'crashes',
      suspect: 'false suspicions',
      recover: 'recoveries',
      cut: 'cuts',
      pause: 'pauses',
      skew: 'clocks that drift',
      choose: 'choices of a specification below',
    }
    for (const [kind, word] of Object.entries(words))
      expect(kinds.has(kind as Deviation['do']) ? there : missing).toContain(word)
  })

  test('are the same for whoever takes them up in the middle, or twice', async () => {
    const of = small({ ...nothing, crashes: true })
    const all = await enumerated(of)
    const lab = await Lab.open(of, 2, judge({}))
    const chooser = new Chooser(lab)
    for (const i of [17, 3, 4, 20, 20, all.length - 1, 0]) {
      const choice = await chooser.choose('exhaustive', 1, i)
      expect(choice?.schedule).toEqual(all[i]!.schedule)
      expect(choice?.completes).toBe(all[i]!.completes)
    }
    expect(await chooser.choose('exhaustive', 1, all.length)).toBeUndefined()
  })

  test('are all run, whatever the numbers of processes and the stretches are', async () => {
    const of: Target = { ...small({ ...nothing, crashes: true }), processes: [2, 3, 4] }
    const plan = { seed: 1, processes: of.processes, policy: 'exhaustive', beyond: false } as const
    const labs = new Labs(of, plan)
    const covered = new Map<string, number>()
    let runs = 0
    for (let from = 0; covered.size < 6; from += 37) {
      const stretch = await explore(labs, plan, from, 37)
      runs += stretch.runs
      for (const { processes, deviations, schedules } of stretch.covered) {
        const key = `${processes} ${deviations}`
        if (!covered.has(key)) covered.set(key, schedules)
      }
    }
    const all = [2, 3, 4].map((n) => covered.get(`${n} 2`)!)
    expect(all[0]).toBe((await enumerated(of)).length)
    expect(runs).toBe(all.reduce((sum, n) => sum + n))
  })
})

test('a loss that only a crash excuses is legal only if the crash comes', async () => {
  const of = small({ ...nothing, crashes: true, links: 'quasi-reliable' })
  const lab = await Lab.open(of, 2, judge({}))
  const effective = async (at: string) => {
    const lost: Deviation = { do: 'omit', what: 'p1>p2 puppet.x#1', count: 1, side: 'send' }
    const s = schedule(of.workload(new Random(1), []), [lost, { do: 'crash', at, point: 'end' }], { processes: 2 })
    expect(legal(s, of.assumptions)).toBe(true)
    const script = new Script(s)
    await lab.named(s, script)
    return script.effective
  }
  expect(overstepped(await effective('p1 @2'), of.assumptions)).toBeUndefined()
  expect((await effective('p1 @2')).deviations).toHaveLength(2)
  expect(overstepped(await effective('p1 @3'), of.assumptions)).toMatch('a message is lost')
})

test('a lie is legal exactly where lies are tolerated, of replicas only, and of no more than may be faulty', () => {
  const lie = (what: string, side: 'send' | 'receive'): Deviation => ({ do: 'lie', what, count: 1, side, index: 1 })
  const over = (assumed: Partial<Assumptions>, ...deviations: readonly Deviation[]) =>
    overstepped(schedule([], deviations), small({ ...nothing, lies: true, crashes: true, ...assumed }).assumptions)
  const [sent, answered] = [lie('p1>c1 s.reply#1', 'send'), lie('c1>p1 s.request#1', 'receive')]
  expect(over({}, sent, answered)).toBeUndefined()
  expect(over({}, sent, { do: 'crash', at: 'p1 @3', point: 'end' })).toBeUndefined()
  expect(over({ lies: false }, sent)).toMatch('lies are not tolerated')
  expect(over({ faulty: 0 }, answered)).toMatch('1 process is faulty')
  expect(over({}, sent, lie('p2>c1 s.reply#1', 'send'))).toMatch('2 processes are faulty')
  const crash = { do: 'crash', at: 'p2 @3', point: 'end' } as const
  expect(over({ recovery: 'amnesia' }, sent, crash)).toMatch('2 processes are faulty')
  expect(over({ recovery: 'stable' }, sent, crash)).toBeUndefined()
  expect(over({}, lie('c1>p1 s.request#1', 'send'))).toMatch('clients do not fail')
})
