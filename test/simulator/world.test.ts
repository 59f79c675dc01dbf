/** The mechanics of the world, one hand-written scenario after the other. */
import { describe, expect, test } from 'vitest'
import { type Action, because, type History, type Located, liveness, specification } from '../../spec/language.ts'
import { Script } from '../../src/adversary/index.ts'
import { violations } from '../../src/checkers/properties.ts'
import type { Host } from '../../src/kernel/host.ts'
import type { Context, Module, Shape } from '../../src/kernel/module.ts'
import type { Deviation } from '../../src/kernel/schedule.ts'
import { judge } from '../../src/monitors/index.ts'
import { Lab, type Step, type World } from '../../src/simulator/index.ts'
import { ask, type Play, play, puppet, schedule, target, told } from '../support/puppets.ts'

const crash = (at: string, point: number | 'end'): Deviation => ({ do: 'crash', at, point })
const recover = (process: string, after: string, unsynced: 'lost' | 'kept' | 'torn' = 'lost'): Deviation => ({
  do: 'recover',
  process,
  when: { after },
  unsynced,
})
const hold = (what: string, until: string | 'gst'): Deviation => ({
  do: 'hold',
  what,
  count: 1,
  until: until === 'gst' ? 'gst' : { after: until },
})
const omit = (what: string, side: 'send' | 'receive', count: 1 | 'all' = 1): Deviation => ({
  do: 'omit',
  what,
  count,
  side,
})

describe('a crash at point j of an activation', () => {
  // The second activation of p1, after its start, is the request.
  const busy = [
    ask('p1', 0, 'say one', 'send p2 a', 'say two', 'send p1 self', 'send p3 b', 'write w', 'sync', 'say three'),
  ]
  const cases: readonly [number | 'end', readonly string[]][] = [
    [0, []],
    [1, ['p1 one']],
    [2, ['p1 one', 'p2 got a']],
    [3, ['p1 one', 'p1 two', 'p2 got a']],
    [4, ['p1 one', 'p1 two', 'p2 got a', 'p3 got b']],
    [5, ['p1 one', 'p1 two', 'p1 three', 'p1 got self', 'p2 got a', 'p3 got b']],
    ['end', ['p1 one', 'p1 two', 'p1 three', 'p1 got self', 'p2 got a', 'p3 got b']],
  ]
  for (const [point, words] of cases)
    test(`j = ${point}`, async () => {
      const { heard, outcome } = await play(busy, [crash('p1 @2', point)], { assumptions: { detector: 'none' } })
      expect(heard).toEqual(words)
      expect([...outcome.correct]).toEqual(['p2', 'p3'])
    })

  test('cuts off what is persisted after it, and not what is persisted before', async () => {
    const orders = ask('p1', 0, 'write before', 'sync', 'say so', 'send p2 a', 'write after', 'sync', 'say all')
    const before = 'found before'
    for (const [point, found, heard] of [
      [0, [], []],
      [1, [before], ['p1 so']],
      [2, [before], ['p1 so', 'p2 got a']],
      [3, ['found after'], ['p1 so', 'p1 all', 'p2 got a']],
      ['end', ['found after'], ['p1 so', 'p1 all', 'p2 got a']],
    ] as const) {
      const deviations = [crash('p1 @2', point), recover('p1', 'c1?#1')]
      const played = await play([orders], deviations, { assumptions: { detector: 'none' } })
      expect(played.lab.states()!.p1!.puppet, `${point}`).toEqual({ heard: found })
      expect(played.heard, `${point}`).toEqual(heard)
    }
  })

  test('is one of those that make a difference', async () => {
    const told = ask('p1', 0, 'send p2 a', 'send p3 b', 'say so', 'send p2 c', 'write w', 'sync', 'say all')
    const { activations } = await play([told, ask('p1', 5, 'send p2 d'), ask('p1', 9, 'say d'), ask('p1', 12)], [])
    const points = activations.filter(({ process }) => process === 'p1').map(({ crashPoints }) => crashPoints)
    // What it is asked to do is said as well, before anything is done.
    expect(points).toEqual([
      [0, 'end'],
      [0, 1, 2, 4, 5, 6, 'end'],
      [0, 1, 'end'],
      [0, 'end'],
      [0, 'end'],
    ])
  })

  test('a request to a process that is down is never asked', async () => {
    const { heard, trace } = await play([ask('p1', 3, 'say here')], [crash('p1 @1', 'end')])
    expect(heard).not.toContain('p1 here')
    expect(trace.filter(({ what }) => what.kind === 'activation' && what.address === 'c1?#1')).toEqual([])
  })
})

describe('last words', () => {
  const asked = [ask('p1', 0, 'send p2 a', 'send p3 b')]
  test('are lost by a schedule that omits them and crashes the sender', async () => {
    const { heard } = await play(asked, [crash('p1 @2', 'end'), omit('p1>p2 puppet.a#1', 'send')])
    expect(heard.filter((words) => words.includes('got'))).toEqual(['p3 got b'])
  })
  test('are the very last ones where links are FIFO, until the sender has come back', async () => {
    const requests = [ask('p1', 0, 'send p2 a', 'send p2 b', 'send p3 c', 'send p2 d'), ask('p1', 9, 'send p2 e')]
    const deviations = [crash('p1 @2', 'end'), omit('p1>p2 puppet.b#1', 'send'), recover('p1', 'p1>p2 puppet.a#1')]
    const how = { links: 'quasi-reliable', omissions: 'none', recovery: 'amnesia' } as const
    const got = async (fifo: boolean) =>
      (await play(requests, deviations, { assumptions: { ...how, fifo } })).heard.filter((words) =>
        words.includes('got'),
      )
    expect(await got(true)).toEqual(['p2 got a', 'p3 got c', 'p2 got e'])
    expect(await got(false)).toEqual(['p2 got a', 'p3 got c', 'p2 got d', 'p2 got e'])
  })
})

describe('last words that the adversary loses at the crash', () => {
  // a is held, so that on a FIFO link b waits behind it.
  const deviations = [hold('p1>p2 puppet.a#1', 'gst'), crash('p1 @2', 'end')]
  const heard = async (lost: readonly string[], assumptions: Play['assumptions']) => {
    const lab = await Lab.open(target({ module: puppet({}), below: {} }, assumptions), 3, judge({}))
    const s = schedule([ask('p1', 0, 'send p2 a', 'send p2 b', 'send p3 c')], deviations)
    const loses = (_: World, step: Step) => lost.some((kind) => step.address.includes(`.${kind}#`))
    const { trace, outcome } = await lab.record(s, Object.assign(new Script(s), { loses }))
    expect([...outcome.correct]).toEqual(['p2', 'p3'])
    return told(trace).filter((words) => words.includes('got'))
  }
  for (const fifo of [true, false]) {
    const quasi = { fifo, links: 'quasi-reliable', omissions: 'none' } as const
    test(`may be any of those on their way${fifo ? ', and then all that wait in line behind them' : ''}`, async () => {
      expect(await heard(['a', 'b', 'c'], quasi)).toEqual([])
      expect(await heard(['b'], quasi)).toEqual(['p3 got c', 'p2 got a'])
      expect(await heard(['a'], quasi)).toEqual(fifo ? ['p3 got c'] : ['p2 got b', 'p3 got c'])
    })
    test(`are none over reliable links${fifo ? ' that are FIFO' : ''}`, async () => {
      expect(await heard(['a', 'b', 'c'], { fifo, links: 'reliable' })).toHaveLength(3)
    })
  }
})

describe('recovery', () => {
  const orders = ask('p1', 0, 'write a', 'sync', 'write b', 'write c')
  for (const [unsynced, found] of [
    ['lost', 'a'],
    ['kept', 'c'],
    ['torn', 'b'],
  ] as const)
    test(`what was written but not synced is ${unsynced}`, async () => {
      const { lab, outcome } = await play([orders], [crash('p1 @2', 'end'), recover('p1', 'c1?#1', unsynced)])
      expect(lab.states()!.p1!.puppet).toEqual({ heard: [`found ${found}`] })
      // It is up again.
      expect(outcome.correct.has('p1')).toBe(true)
    })

  test('comes after an activation of any process, that of the crash among them', async () => {
    for (const [when, x] of [
      ['p1 @2', 'got x'],
      ['p2 @2', 'got x'],
      ['p2 @3', undefined],
    ] as const) {
      const { heard, lab } = await play(
        [orders, ask('p2', 3, 'send p1 x'), ask('p2', 9, 'say late')],
        [crash('p1 @2', 'end'), recover('p1', when)],
      )
      expect(lab.world.exercised.get('recover')).toBe(1)
      expect(heard.find((words) => words.startsWith('p1 got'))).toBe(x && `p1 ${x}`)
    }
  })

  test('timers of an earlier incarnation never fire, held ones included; those of a later one do', async () => {
    const requests = [
      ask('p1', 0, 'after 5 old', 'after 6 older'),
      ask('p1', 2, 'say crashing'),
      ask('p1', 9, 'after 5 new'),
    ]
    const { heard } = await play(requests, [
      hold('p1! puppet.older#1', 'gst'),
      crash('p1 @3', 'end'),
      recover('p1', 'c1?#2'),
    ])
    expect(heard.filter((words) => /^p1 (timer|crashing)/.test(words))).toEqual(['p1 crashing', 'p1 timer new'])
  })

  test('a message on its way reaches the process that has started again', async () => {
    const { heard, trace } = await play(
      [ask('p2', 0, 'send p1 x'), ask('p1', 0, 'say up')],
      [hold('p2>p1 puppet.x#1', 'p1 start#2'), crash('p1 @2', 'end'), recover('p1', 'c1?#1')],
    )
    expect(heard).toContain('p1 got x')
    expect(trace.find(({ what }) => what.kind === 'observation' && what.action.kind === 'got x')!.incarnation).toBe(1)
  })

  test('a process that is up is not said to recover', async () => {
    const { lab, trace } = await play([ask('p1', 0, 'say up')], [recover('p1', 'c1?#1')])
    expect(lab.world.exercised.get('recover')).toBeUndefined()
    expect(trace.some(({ what }) => what.kind === 'fault' && what.fault === 'recover')).toBe(false)
    expect(lab.world.machines[0]?.incarnation).toBe(0)
  })

  test('a process may crash and recover again and again', async () => {
    const requests = [0, 10, 20, 30].map((at) => ask('p1', at, `write w${at}`, 'sync', 'send p2 x'))
    const { lab, heard, outcome } = await play(requests, [
      crash('p1 @2', 2),
      recover('p1', 'c1?#1'),
      crash('p1 @4', 0),
      recover('p1', 'c1?#2'),
      crash('p1 @6', 'end'),
      recover('p1', 'c1?#3'),
    ])
    expect(lab.world.machines[0]?.incarnation).toBe(3)
    expect(lab.world.exercised.get('crash')).toBe(3)
    expect(heard.filter((words) => words === 'p2 got x')).toHaveLength(3)
    expect(lab.states()!.p1!.puppet).toEqual({ heard: ['found w20'] })
    expect([...outcome.correct]).toEqual(['p1', 'p2', 'p3'])
  })
})

describe('lies', () => {
  const liar = { assumptions: { lies: true, detector: 'none' } } as const
  const lie = (what: string, side: 'send' | 'receive', index = 1, count: 1 | 'all' = 1): Deviation => ({
    do: 'lie',
    what,
    count,
    side,
    index,
  })
  const asked = [ask('p1', 0, 'send p2 x'), ask('p1', 5, 'send p2 x')]

  test('take the place of what is sent, and make whoever sends it faulty', async () => {
    const { heard, outcome, script, lab } = await play(asked, [lie('p1>p2 puppet.x#1', 'send')], liar)
    expect(heard).toEqual(['p2 got lie', 'p2 got x'])
    expect([...outcome.correct]).toEqual(['p2', 'p3'])
    expect([...script.applied]).toEqual([0])
    expect(lab.world.exercised.get('lie')).toBe(1)
  })

  test('answer what is received, whatever else is done about it, and make whoever receives it faulty', async () => {
    const rules = { x: ['send p1 y'] }
    const { heard, outcome } = await play(asked, [lie('p1>p2 puppet.x#1', 'receive', 2)], { ...liar, rules })
    expect(heard).toEqual(['p2 got x', 'p1 got worse', 'p1 got y', 'p2 got x', 'p1 got y'])
    expect([...outcome.correct]).toEqual(['p1', 'p3'])
  })

  test('may be told about all that is sent, after GST too', async () => {
    const all = lie('p1>p2 puppet.x#1', 'send', 2, 'all')
    expect((await play(asked, [all], { ...liar, gst: { tick: 3 } })).heard).toEqual(['p2 got worse', 'p2 got worse'])
  })

  test('can be held, lost, duplicated and cut off by a crash, as what they replace', async () => {
    const first = lie('p1>p2 puppet.x#1', 'send')
    const twice: Deviation = { do: 'duplicate', what: 'p1>p2 puppet.x#1', later: 2 }
    const heard = async (...others: Deviation[]) => (await play(asked, [first, ...others], liar)).heard
    expect(await heard(hold('p1>p2 puppet.x#1', 'p1>p2 puppet.x#2'))).toEqual(['p2 got x', 'p2 got lie'])
    expect(await heard(omit('p1>p2 puppet.x#1', 'send'))).toEqual(['p2 got x'])
    expect(await heard(twice)).toEqual(['p2 got lie', 'p2 got lie', 'p2 got x'])
    expect(await heard(crash('p1 @2', 2))).toEqual(['p2 got lie'])
    expect(await heard(crash('p1 @2', 0))).toEqual([])
  })

  test('are sends: whoever crashes after the first one has answered by a lie and does nothing else', async () => {
    const rules = { x: ['send p1 y'] }
    const deviations = [lie('p1>p2 puppet.x#1', 'receive'), crash('p2 @2', 2)]
    expect((await play(asked, deviations, { ...liar, rules })).heard).toEqual(['p1 got lie'])
  })

  test('are none where there are not so many, or where lies are not tolerated: nobody is charged', async () => {
    for (const [deviation, assumptions] of [
      [lie('p1>p2 puppet.x#1', 'send', 3), liar.assumptions],
      [lie('p1>p2 puppet.x#1', 'send'), { detector: 'none' }],
    ] as const) {
      const { heard, outcome, script } = await play(asked, [deviation], { assumptions })
      expect(heard).toEqual(['p2 got x', 'p2 got x'])
      expect(outcome.correct.size).toBe(3)
      expect(script.applied.size).toBe(0)
    }
  })

  test('are failures: after GST a detector suspects the liar', async () => {
    const { heard } = await play(asked, [lie('p1>p2 puppet.x#1', 'send')], { assumptions: { lies: true } })
    expect(heard).toContain('p3 suspects p1')
  })
})

describe('omissions', () => {
  for (const [side, culprit] of [
    ['send', 'p1'],
    ['receive', 'p2'],
  ] as const)
    test(`on the side of the one who should ${side}: it is charged, and nobody else`, async () => {
      const { heard, outcome } = await play([ask('p1', 0, 'send all x')], [omit('p1>p2 puppet.x#1', side)], {
        assumptions: { detector: 'none' },
      })
      expect(heard).toEqual(['p1 got x', 'p3 got x'])
      expect([...outcome.correct]).toEqual(['p1', 'p2', 'p3'].filter((p) => p !== culprit))
    })

  test('of a whole class go on after GST, and are known to every detector', async () => {
    const { heard } = await play(
      [ask('p1', 0, 'send p2 x'), ask('p1', 30, 'send p2 x')],
      [omit('p1>p2 puppet.x#2', 'send', 'all')],
      { gst: { tick: 20 } },
    )
    expect(heard.filter((words) => words === 'p2 got x')).toHaveLength(1)
    expect(heard).toContain('p2 suspects p1')
    expect(heard).toContain('p3 suspects p1')
  })
})

describe('a cut', () => {
  const cut: Deviation = { do: 'cut', groups: [['p1'], ['p2', 'p3']], from: { tick: 5 }, until: { tick: 15 } }
  // One message within the cut, one across it, and one that is on its way when it comes.
  const requests = [
    ask('p2', 7, 'send p3 inside'),
    ask('p1', 7, 'send p2 across'),
    ask('p1', 4, 'send p3 underway'),
    ask('p1', 20, 'send p2 later'),
  ]
  const without = { detector: 'none' } as const
  test('holds what crosses it until it heals, over reliable links', async () => {
    for (const links of ['reliable', 'quasi-reliable'] as const) {
      const { heard, outcome } = await play(requests, [cut], { assumptions: { ...without, links } })
      expect(heard).toEqual(['p3 got inside', 'p3 got underway', 'p2 got across', 'p2 got later'])
      expect(outcome.correct.size).toBe(3)
    }
  })
  test('loses it over fair-loss links, and charges nobody', async () => {
    const { heard, outcome } = await play(requests, [cut], { assumptions: { ...without, links: 'fair-loss' } })
    expect(heard).toEqual(['p3 got inside', 'p2 got later'])
    expect(outcome.correct.size).toBe(3)
  })
  test('that loses the first of a FIFO line lets the next come after the heal', async () => {
    const { heard } = await play(requests, [cut], { assumptions: { ...without, links: 'fair-loss', fifo: true } })
    expect(heard).toEqual(['p3 got inside', 'p2 got later'])
  })
  test('ends at GST', async () => {
    const { heard } = await play(requests, [{ ...cut, until: 'gst' }], { assumptions: without, gst: { tick: 10 } })
    expect(heard).toContain('p2 got across')
  })
})

describe('a fair-loss link', () => {
  const lossy = { assumptions: { detector: 'none', links: 'fair-loss' } } as const
  const lose = (what: string, count: 1 | 'all' = 1): Deviation => ({ do: 'lose', what, count })
  const requests = [ask('p1', 0, 'send p2 a', 'send p1 self'), ask('p1', 2, 'send p2 a'), ask('p1', 9, 'send p2 a')]

  test('loses a message, or all of a class until GST, and nobody is charged', async () => {
    const { heard, outcome, trace } = await play(requests, [lose('p1>p2 puppet.a#1')], lossy)
    expect(heard).toEqual(['p1 got self', 'p2 got a', 'p2 got a'])
    expect(outcome.correct.size).toBe(3)
    expect(trace.flatMap(({ what }) => (what.kind === 'send' ? [what.omitted] : []))).toEqual([
      'by link',
      undefined,
      undefined,
    ])
    const all = await play(requests, [lose('p1>p2 puppet.a#1', 'all')], { ...lossy, gst: { tick: 5 } })
    expect(all.heard).toEqual(['p1 got self', 'p2 got a'])
  })
  test('has lost a message, also behind last words that are lost', async () => {
    const { trace } = await play(
      [ask('p1', 0, 'send p2 last', 'send p2 a', 'send p2 b')],
      [omit('p1>p2 puppet.last#1', 'send'), lose('p1>p2 puppet.a#1'), { do: 'crash', at: 'p1 @2', point: 'end' }],
      { assumptions: { ...lossy.assumptions, fifo: true, omissions: 'none' } },
    )
    expect(trace.flatMap(({ what }) => (what.kind === 'send' ? [what.omitted] : []))).toEqual([
      'by sender',
      'by link',
      'by sender',
    ])
  })
  test('does not lie between a process and itself', async () => {
    const { heard } = await play(requests, [lose('p1>p1 puppet.self#1')], lossy)
    expect(heard).toContain('p1 got self')
  })
})

test('a fault that ends and has not begun was not applied, and changes nothing', async () => {
  const never = { after: 'p1>p2 puppet.never#1' }
  const until = { tick: 3 }
  for (const fault of [
    { do: 'cut', groups: [['p1'], ['p2', 'p3']] },
    { do: 'pause', process: 'p2' },
    { do: 'suspect', by: 'p2', of: 'p1' },
  ] as const) {
    const { heard, script } = await play([ask('p1', 0, 'send p2 a')], [{ ...fault, from: never, until }])
    expect(heard).toEqual(['p2 got a'])
    expect(script.applied.size).toBe(0)
  }
})

describe('a pause', () => {
  test('keeps messages and timers until it ends, and charges nobody', async () => {
    const { heard, trace, outcome } = await play(
      [ask('p1', 0, 'after 3 t'), ask('p2', 2, 'send p1 x')],
      [{ do: 'pause', process: 'p1', from: { tick: 1 }, until: { tick: 50 } }],
    )
    expect(heard).toEqual(['p1 timer t', 'p1 got x'])
    for (const { time, what } of trace)
      if (what.kind === 'observation' && what.action.kind !== 'do') expect(time).toBe(50)
    expect(outcome.correct.size).toBe(3)
  })
})

describe('duplicates', () => {
  test('come so many ticks after the first, once', async () => {
    const { trace } = await play([ask('p1', 0, 'send p2 x')], [{ do: 'duplicate', what: 'p1>p2 puppet.x#1', later: 7 }])
    const got = trace.filter(({ what }) => what.kind === 'observation' && what.action.kind === 'got x')
    expect(got.map(({ time }) => time)).toEqual([1, 8])
  })
})

describe('a FIFO link', () => {
  const requests = [ask('p1', 0, 'send p2 a', 'send p2 b', 'send p3 c', 'send p2 d')]
  const fifo = { assumptions: { fifo: true, detector: 'none' } } as const
  test('holds what is behind a message that is held, on that link only', async () => {
    const { heard } = await play(requests, [hold('p1>p2 puppet.a#1', 'p1>p3 puppet.c#1')], fifo)
    expect(heard).toEqual(['p3 got c', 'p2 got a', 'p2 got b', 'p2 got d'])
  })
  test('without the assumption they overtake', async () => {
    const { heard } = await play(requests, [hold('p1>p2 puppet.a#1', 'gst')], { assumptions: { detector: 'none' } })
    expect(heard).toEqual(['p2 got b', 'p3 got c', 'p2 got d', 'p2 got a'])
  })
  test('a message in the middle that is held keeps its place', async () => {
    const { heard } = await play(requests, [hold('p1>p2 puppet.b#1', 'gst')], fifo)
    expect(heard).toEqual(['p2 got a', 'p3 got c', 'p2 got b', 'p2 got d'])
  })
  test('is not blocked by a message that is omitted', async () => {
    const { heard } = await play(requests, [omit('p1>p2 puppet.a#1', 'send')], fifo)
    expect(heard).toEqual(['p2 got b', 'p3 got c', 'p2 got d'])
  })
})

describe('the failure detector', () => {
  test('tells everybody else of a crash five ticks later, and of a recovery', async () => {
    const { trace } = await play(
      [ask('p1', 0, 'say here'), ask('p2', 10, 'say on')],
      [crash('p1 @2', 'end'), recover('p1', 'c2?#1')],
    )
    const changes = trace.flatMap(({ at, time, what }) =>
      what.kind === 'observation' && what.action.kind.startsWith('suspects')
        ? [`${time} ${at} ${what.action.kind}`]
        : [],
    )
    const [before, after] = [changes.slice(0, 4), changes.slice(4)]
    expect(before).toEqual(['5 p2 suspects p1', '5 p3 suspects p1', '15 p2 suspects ', '15 p3 suspects '])
    // At GST there is nothing to correct: it has come back.
    expect(after).toEqual([])
  })

  test('forgets a false suspicion at the end of it, or at GST', async () => {
    for (const [until, gst] of [
      [{ tick: 9 }, 'rest'],
      ['gst', { tick: 9 }],
    ] as const) {
      const { heard, lab } = await play(
        [ask('p3', 30, 'say done')],
        [{ do: 'suspect', by: 'p2', of: 'p1', from: { tick: 2 }, until }],
        { gst },
      )
      expect(heard).toEqual(['p2 suspects p1', 'p2 suspects ', 'p3 done'])
      expect(lab.world.exercised.get('suspect')).toBe(1)
    }
  })

  test('a true suspicion does not count as a false one', async () => {
    const { lab, heard } = await play([ask('p1', 0, 'say here')], [crash('p1 @2', 'end')])
    expect(heard).toContain('p2 suspects p1')
    expect(lab.world.exercised.get('suspect')).toBeUndefined()
  })

  test('an arbitrary one says for ever what it says at GST', async () => {
    const deviations: Deviation[] = [
      crash('p1 @2', 'end'),
      { do: 'hold', what: 'detector>p2 suspect#1', count: 'all', until: 'gst' },
      { do: 'suspect', by: 'p3', of: 'p2', from: { tick: 2 }, until: 'gst' },
    ]
    const requests = [ask('p1', 0, 'say here'), ask('p2', 90, 'say done')]
    const how = { gst: { tick: 50 } } as const
    const arbitrary = await play(requests, deviations, { ...how, assumptions: { detector: 'unreliable' } })
    expect(arbitrary.heard).toEqual(['p1 here', 'p3 suspects p2', 'p3 suspects p2,p1', 'p2 done'])
    const accurate = await play(requests, deviations, how)
    expect(accurate.heard).toEqual([
      'p1 here',
      'p3 suspects p2',
      'p3 suspects p2,p1',
      'p2 suspects p1',
      'p3 suspects p1',
      'p2 done',
    ])
  })
})

describe('GST', () => {
  test('releases what is held, and nothing can be held after it', async () => {
    const { heard, script } = await play(
      [ask('p1', 0, 'send p2 a'), ask('p1', 20, 'send p2 b')],
      [
        hold('p1>p2 puppet.a#1', 'gst'),
        hold('p1>p2 puppet.b#1', 'gst'),
        { do: 'hold', what: 'c1?#2', count: 'all', until: 'gst' },
      ],
      { gst: { tick: 10 } },
    )
    expect(heard).toEqual(['p2 got a', 'p2 got b'])
    // The hold of b is too late to make a difference, and is not said to have made one.
    expect([...script.applied].sort()).toEqual([0, 2])
  })

  test('a hold until a tick after GST does not put anything off any more', async () => {
    const { trace } = await play(
      [ask('p1', 30, 'send p2 a')],
      [{ do: 'hold', what: 'p1>p2 puppet.a#1', count: 'all', until: { tick: 5000 } }],
      { gst: { tick: 10 } },
    )
    expect(trace.at(-1)!.time).toBe(31)
  })

  test('comes at a quarter of the bound at the latest', async () => {
    const { trace, outcome } = await play([ask('p1', 0, 'after 1 t')], [], { rules: { t: ['after 1 t'] }, bound: 40 })
    const gst = trace.find(({ what }) => what.kind === 'fault' && what.fault === 'gst')!
    expect(gst.activation).toBe(10)
    expect(outcome).toMatchObject({ ended: 'bound', activations: 40 })
  })
})

test('a message that is held may be duplicated before, in whatever order a schedule says so', async () => {
  const hold: Deviation = { do: 'hold', what: 'p1>p2 puppet.x#1', count: 1, until: 'gst' }
  const duplicate: Deviation = { do: 'duplicate', what: 'p1>p2 puppet.x#1', later: 1 }
  for (const deviations of [
    [hold, duplicate],
    [duplicate, hold],
  ]) {
    const { heard, script } = await play([ask('p1', 0, 'send p2 x')], deviations)
    expect(heard).toEqual(['p2 got x', 'p2 got x'])
    expect(script.applied.size).toBe(2)
  }
})

describe('clocks', () => {
  test('that run at half or double speed stretch and shrink timers, until GST', async () => {
    const times = async (permille: number, gst: 'rest' | { readonly tick: number } = 'rest') => {
      const { trace } = await play(
        [ask('p1', 2, 'after 10 t'), ask('p2', 2, 'after 10 t')],
        [{ do: 'skew', process: 'p1', permille }],
        { gst },
      )
      return trace.flatMap(({ time, what }) =>
        what.kind === 'observation' && what.action.kind === 'timer t' ? [time] : [],
      )
    }
    expect(await times(500)).toEqual([12, 22])
    expect(await times(2000)).toEqual([7, 12])
    expect(await times(2000, { tick: 1 })).toEqual([12, 12])
  })

  test('have one speed each, the last that a schedule gives them, and nothing else is applied', async () => {
    const skew = (process: string, permille: number): Deviation => ({ do: 'skew', process, permille })
    const { script, lab } = await play([], [skew('p1', 500), skew('p2', 750), skew('p1', 2000)])
    expect([...script.applied]).toEqual([1, 2])
    expect(lab.world.exercised.get('skew')).toBe(2)
  })

  /** What the clock of p1 shows when it starts and when each of its timers expires, and what it shows then in the world. */
  const shown = async (
    permille: number,
    delays: readonly number[],
    gst: 'rest' | { readonly tick: number } = 'rest',
  ) => {
    const left = [...delays]
    const host: Host = {
      reset() {},
      activate(at, { kind }, out) {
        if (at !== 'p1' || (kind !== 'start' && kind !== 'timer')) return
        out.observe('clock', { kind: 'shows', time: out.now } as Action)
        const delay = left.shift()
        if (delay !== undefined) out.timer('clock', { kind: 'look' }, delay, false)
      },
      crash() {},
    }
    const lab = await Lab.open({ ...target({ module: puppet({}), below: {} }), system: () => host }, 2, judge({}))
    const s = schedule([], [{ do: 'skew', process: 'p1', permille }], { processes: 2, gst })
    const { trace } = await lab.record(s, new Script(s))
    return trace.flatMap(({ time, what }) =>
      what.kind === 'observation' ? [[(what.action as unknown as { time: number }).time, time]] : [],
    )
  }

  test('are what a process looks at: it finds there as much time as it has waited for', async () => {
    expect(await shown(1000, [10, 20])).toEqual([
      [0, 0],
      [10, 10],
      [30, 30],
    ])
    expect(await shown(500, [10, 20])).toEqual([
      [0, 0],
      [10, 20],
      [30, 60],
    ])
    expect(await shown(2000, [10, 20])).toEqual([
      [0, 0],
      [10, 5],
      [30, 15],
    ])
  })

  test('never show that a timer has expired too early, whatever is rounded and when GST comes', async () => {
    for (const permille of [501, 667, 999, 1001, 1395, 1900, 1999])
      for (const gst of ['rest', { tick: 3 }, { tick: 20 }] as const) {
        const delays = [14, 1, 9, 3, 11, 2]
        const times = (await shown(permille, delays, gst)).map(([time]) => time!)
        for (const [i, delay] of delays.entries()) expect(times[i + 1]! - times[i]!).toBeGreaterThanOrEqual(delay)
      }
  })
})

describe('rest', () => {
  test('a run with nothing but background timers that change nothing is at rest', async () => {
    const { outcome } = await play([ask('p1', 0, 'beat 10 quiet')], [], {
      rules: { quiet: ['beat 10 quiet'] },
      bound: 100,
    })
    // The puppet remembers every beat, so that its state never is the same twice.
    expect(outcome.ended).toBe('bound')
  })
  describe.each([
    ['in the background', true],
    ['beyond its bound', false],
  ])('a run %s', (_, background) => {
    const how = background ? { background: true as const } : undefined
    const ticking: Module = {
      name: 'ticking',
      rules: {},
      initial: () => ({}),
      start(_s, me) {
        if (me.self === 'p1') me.after(60, { kind: 'tell' }, how)
        else me.after(1, { kind: 'tick' }, how)
      },
      upon: {},
      receive: { word: (_message: unknown, _s: unknown, me: Context<Shape>) => me.indicate({ kind: 'heard' }) },
      expire: {
        tick: (_timer: unknown, _s: unknown, me: Context<Shape>) => me.after(1, { kind: 'tick' }, how),
        tell: (_timer: unknown, _s: unknown, me: Context<Shape>) => me.send('p2', { kind: 'word' }),
      },
      from: {},
    }
    const hears = specification<unknown, Located, Located, History>({
      name: 'Hearing',
      source: 'nowhere',
      properties: [
        liveness<History>('Hearing', 'Somebody hears something.', function* ({ events }) {
          if (events.length === 0) yield because`nobody hears anything`
        }),
      ],
      variants: [],
      read: (history) => history,
    })
    const run = async (seed: number, listens = true) => {
      const module = listens ? ticking : { ...ticking, receive: { word() {} } }
      const one = { ...target({ module, below: {} }, { recovery: 'none' }), specifications: { ticking: hears } }
      const lab = await Lab.open(one, 2, judge(one.specifications))
      const s = { ...schedule([], [], { processes: 2, gst: { tick: 5 }, bound: 40 }), seed }
      return (await lab.record(s, new Script(s), { bound: s.bound.activations })).outcome
    }
    test('does not come back to a state while a message that was on its way then still is', async () => {
      for (let seed = 1; seed < 20; seed++) expect((await run(seed)).finding, `seed ${seed}`).toBeUndefined()
    })
    test('comes back to it once every message has arrived', async () => {
      for (let seed = 1; seed < 20; seed++)
        expect((await run(seed, false)).finding, `seed ${seed}`).toMatchObject({ property: 'Hearing' })
    })
  })
  describe.each([
    ['in the background', true],
    ['of other timers', false],
  ])('a run that goes round for ever because %s, and says something', (_, background) => {
    const how = background ? { background: true as const } : undefined
    /** Says `words[0]` once, and then one after the other of the rest, again and again. */
    const saying = (...words: readonly string[]): Module => {
      const beat = (s: any, me: Context<Shape>) => {
        me.indicate({ kind: words[s.next]! })
        s.next = s.next + 1 === words.length ? 1 : s.next + 1
        me.after(10, { kind: 'beat' }, how)
      }
      return {
        name: 'saying',
        rules: {},
        initial: () => ({ next: 0 }),
        start: beat,
        upon: {},
        receive: {},
        expire: { beat: (_timer: unknown, s: unknown, me: Context<Shape>) => beat(s, me) },
        from: {},
      }
    }
    const settles = specification<unknown, Located, Located, History>({
      name: 'Settling',
      source: 'nowhere',
      properties: [
        liveness<History>('Settling', 'There is a time after which nobody says no.', function* ({ events, cycle }) {
          if (events.slice(cycle ?? Infinity).some(({ kind }) => kind === 'no')) yield because`no is said for ever`
        }),
      ],
      variants: [],
      read: (history) => history,
    })
    const run = async (...words: readonly string[]) => {
      const one = { ...target({ module: saying(...words), below: {} }), specifications: { saying: settles } }
      const lab = await Lab.open(one, 1, judge(one.specifications))
      const s = schedule([], [], { processes: 1, bound: 40 })
      const recording = await lab.record(s, new Script(s), { bound: 40 })
      const { outcome, trace } = recording
      const ending = { processes: lab.processes, correct: outcome.correct, cycle: outcome.cycle }
      const found = [...violations(trace, ending, one.specifications)].map(({ property }) => property)
      return { outcome, found }
    }
    test('is judged by what it says there', async () => {
      const { outcome, found } = await run('yes', 'no', 'yes')
      expect(outcome).toMatchObject({ ended: 'violated', finding: { property: 'Settling' } })
      // One activation says no, and the next one yes.
      expect(outcome.activations - outcome.lasso!).toBe(2)
      expect(found).toEqual(['Settling'])
    })
    test('and not by what it has said before', async () => {
      const { outcome, found } = await run('no', 'yes', 'yes')
      expect(outcome).toMatchObject({ ended: 'bound', finding: undefined, undecided: undefined })
      expect(outcome.lasso).toBeUndefined()
      expect(found).toEqual([])
    })
  })
  test('a host that looks at the clock is in no state twice', async () => {
    const noon = 60
    const run = async (tells: boolean) => {
      const host: Host = {
        activate(at, input, out) {
          if (at !== 'p1' || (input.kind !== 'start' && input.kind !== 'timer')) return
          if (tells && out.now! >= noon) out.observe('clock', { kind: 'noon' })
          else out.timer('clock', { kind: 'look' }, 1, true)
        },
        crash() {},
        reset() {},
        show: () => ({}),
        plain: { copy: () => ({}), restore() {} },
      }
      const clock = specification<unknown, Located, Located, History>({
        name: 'Clock',
        source: 'nowhere',
        properties: [
          liveness<History>('Noon', 'Noon comes.', function* ({ events }) {
            if (events.length === 0) yield because`noon does not come`
          }),
        ],
        variants: [],
        read: (history) => history,
      })
      const one = { ...target({ module: puppet({}), below: {} }), specifications: { clock }, system: () => host }
      const lab = await Lab.open(one, 2, judge(one.specifications))
      const s = schedule([], [], { processes: 2, gst: { tick: 5 } })
      return (await lab.record(s, new Script(s))).outcome
    }
    expect(await run(true)).toMatchObject({ ended: 'rest', finding: undefined })
    expect(await run(false)).toMatchObject({ ended: 'violated', finding: { property: 'Noon' } })
  })
  test('a host that shows its states has to show all of them', async () => {
    class Hidden {
      readonly #n = 1
      get n() {
        return this.#n
      }
    }
    const shows = async (state: unknown) => {
      const host: Host = { activate() {}, crash() {}, reset() {}, show: () => ({ counter: { left: state } }) }
      const lab = await Lab.open({ ...target({ module: puppet({}), below: {} }), system: () => host }, 2, judge({}))
      const s = schedule([], [], { processes: 2 })
      await lab.record(s, new Script(s))
      return lab.impurity()
    }
    expect(await shows(1)).toBeUndefined()
    expect(await shows(new Hidden())).toBe('at p1, in layer counter, left is an instance of Hidden')
  })
  test('a timer that is not one of the background keeps a run from rest', async () => {
    const { outcome } = await play([ask('p1', 0, 'after 10 loud')], [], {
      rules: { loud: ['after 10 loud'] },
      bound: 100,
    })
    expect(outcome).toMatchObject({ ended: 'bound', activations: 100 })
  })
  test('a cancelled timer does not fire, and a timer of the same kind replaces the one before', async () => {
    const { heard } = await play([ask('p1', 0, 'after 5 a', 'after 5 b', 'cancel a', 'after 9 b')])
    expect(heard).toEqual(['p1 timer b'])
  })
})

test('the completion of a write does not reach the next incarnation', async () => {
  const host: Host = {
    activate(at, input, out) {
      if (input.kind === 'request') out.store('log', 'x', 1)
      if (input.kind === 'stored') out.observe('disk', { kind: `${at} stored ${input.ticket}` })
    },
    crash() {},
    reset() {},
  }
  const lab = await Lab.open({ ...target({ module: puppet({}), below: {} }), system: () => host }, 2, judge({}))
  const completions = async (deviations: readonly Deviation[]) => {
    const s = schedule([ask('p1', 0), ask('p2', 3)], deviations, { processes: 2 })
    const { trace } = await lab.record(s, new Script(s))
    return trace.flatMap(({ what }) => (what.kind === 'observation' ? [what.action.kind] : []))
  }
  expect(await completions([])).toEqual(['p1 stored 1', 'p2 stored 1'])
  expect(await completions([crash('p1 @2', 'end'), recover('p1', 'c1?#1')])).toEqual(['p2 stored 1'])
})

test('a throw is a violation, but not after the crash that cuts it off', async () => {
  const requests = [ask('p1', 0, 'send p2 a', 'throw now')]
  expect((await play(requests)).outcome.finding).toMatchObject({ property: 'No Crash' })
  expect((await play(requests, [crash('p1 @2', 2)])).outcome).toMatchObject({ finding: undefined, ended: 'rest' })
})

test('a client has the rank of its number, whatever others there are, and no two have the same', async () => {
  const ranks = new Map<string, number>()
  const client: Module = { ...puppet({}), start: (_, me) => ranks.set(me.self, me.rank) }
  const stack = target({ module: puppet({}), below: {} }, { detector: 'none' })
  const lab = await Lab.open({ ...stack, client }, 3, judge({}))
  for (const names of [['c3'], ['alice', 'c1', 'c3', 'bob'], ['alice', 'bob']]) {
    ranks.clear()
    const asked = schedule(
      names.map((to) => ({ ...ask(to, 0, 'say so'), client: to })),
      [],
    )
    await lab.record(asked, new Script(asked))
    if (names.includes('c3')) expect(ranks.get('c3')).toBe(2)
    expect(new Set(ranks.values()).size).toBe(names.length)
  }
  await lab.close()
})
