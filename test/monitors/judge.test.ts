/** The judge of a target: which monitor sees what, and which of its findings count. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Consensus, Termination, UniformAgreement } from '../../spec/consensus.ts'
import { Omega } from '../../spec/failure-detectors.ts'
import { type Action, because, type History, type Specification, safety } from '../../spec/language.ts'
import { ObjectFailure } from '../../spec/object.ts'
import { register } from '../../spec/objects/index.ts'
import { Raft } from '../../spec/raft.ts'
import { ReliableBroadcast, UniformAgreement as UniformDelivery } from '../../spec/reliable-broadcast.ts'
import { replication } from '../../spec/replication.ts'
import { text } from '../../spec/sorts.ts'
import { consensus as consensusMonitor } from '../../src/monitors/consensus.ts'
import { judge, Monitors, noCrash } from '../../src/monitors/index.ts'
import { rafts } from '../support/rafts.ts'
import { monitored, runs, Seen, until, violated } from '../support/verdicts.ts'
import { alphabets, draws, play } from '../support/worlds.ts'

const propose = (value: string) => ({ kind: 'propose', value }) as Action
const decide = (value: string) => ({ kind: 'decide', value }) as Action
const broadcast = (message: string) => ({ kind: 'broadcast', message }) as Action
const thrown = { kind: 'throw', error: 'out of range' } as Action
const processes = ['p1', 'p2', 'p3']

const started = (monitors: Monitors): Monitors => {
  monitors.reset(processes)
  return monitors
}
const consensus = (...only: readonly string[]) =>
  started(judge({ synod: Consensus }, only.length > 0 ? only : undefined))

describe('what happens is seen', () => {
  test('at its layer', () => {
    const monitors = started(judge({ upper: Consensus, lower: Consensus }))
    monitors.observe('p1', 'upper', propose('v1'))
    monitors.observe('p1', 'upper', decide('v1'))
    monitors.observe('p1', 'nowhere', decide('v1'))
    expect(monitors.finding).toBeUndefined()
    monitors.observe('p2', 'lower', decide('v1'))
    expect(monitors.finding).toEqual({ specification: 'Consensus', property: 'Uniform Validity', layer: 'lower' })
  })

  test('by each instance for itself', () => {
    const monitors = consensus()
    monitors.observe('p1', 'synod', propose('v1'), 1)
    monitors.observe('p1', 'synod', propose('v2'), 2)
    monitors.observe('p1', 'synod', decide('v1'), 1)
    monitors.observe('p1', 'synod', decide('v2'), 2)
    monitors.observe('p2', 'synod', decide('v1'), 1)
    expect(monitors.finding).toBeUndefined()
    monitors.observe('p2', 'synod', decide('v1'), 2)
    expect(monitors.finding).toEqual({
      specification: 'Consensus',
      property: 'Uniform Validity',
      layer: 'synod',
      instance: 2,
    })
  })

  test('and something is owed by a layer that has said nothing, but by no instance of which nobody speaks', () => {
    const monitors = judge({ detector: Omega })
    const owed = (instances: readonly number[]) => {
      started(monitors)
      for (const instance of instances)
        for (const p of processes)
          for (const of of ['p2', 'p3']) monitors.observe(p, 'detector', { kind: 'suspect', of } as Action, instance)
      monitors.end(new Set(processes), Infinity)
      return monitors.finding?.property
    }
    expect(owed([])).toBe('Eventual Leadership')
    expect(owed([7])).toBeUndefined()
  })

  test('and counted at the layer where it happens most, in all runs, until something is found', () => {
    const monitors = started(judge({ one: Consensus, two: Consensus, three: Consensus, broadcast: ReliableBroadcast }))
    for (const [layer, times] of Object.entries({ one: 1, two: 3, three: 2, nowhere: 7 }))
      for (let i = 0; i < times; i++) monitors.observe('p1', layer, propose('v1'))
    monitors.reset(processes)
    monitors.observe('p1', 'two', propose('v1'))
    monitors.observe('p1', 'broadcast', broadcast('a'))
    monitors.observe('p1', 'broadcast', { kind: 'unheard-of' })
    monitors.observe('p1', 'two', decide('v2'))
    monitors.observe('p1', 'two', decide('v2'))
    expect(Object.fromEntries(monitors.seen)).toEqual({ propose: 4, broadcast: 1, 'unheard-of': 1, decide: 1 })
    const said = [...monitors.said].map(([layer, kinds]) => [layer, Object.fromEntries(kinds)])
    expect(Object.fromEntries(said)).toEqual({
      one: { propose: true },
      two: { propose: true, decide: true },
      three: { propose: true },
      broadcast: { broadcast: true, 'unheard-of': false },
    })
  })

  test('in one run and not in the next', () => {
    const monitors = consensus()
    monitors.observe('p1', 'synod', propose('v1'))
    monitors.observe('p1', 'synod', decide('v2'))
    expect(monitors.finding).toMatchObject({ property: 'Uniform Validity' })
    monitors.reset(processes)
    expect(monitors.finding).toBeUndefined()
    monitors.observe('p1', 'synod', decide('v1'))
    expect(monitors.finding).toMatchObject({ property: 'Uniform Validity' })
  })
})

test('a specification without a monitor is told after which of its events they repeat', () => {
  const told: (number | undefined)[] = []
  const read = (history: History) => {
    told.push(history.cycle)
    return Consensus.read(history as Parameters<typeof Consensus.read>[0])
  }
  const monitors = judge({ one: { ...Consensus, read }, other: Consensus })
  const ended = (cycle: number) => {
    monitors.reset(processes)
    told.length = 0
    for (const layer of ['one', 'other', 'one', 'one']) monitors.observe('p1', layer, propose('v1'))
    monitors.end(new Set(processes), cycle)
    return [...new Set(told)]
  }
  // It is asked first for safety, which needs no cycle.
  expect(ended(0)).toEqual([undefined, 0])
  expect(ended(2)).toEqual([undefined, 1])
  expect(ended(3)).toEqual([undefined, 2])
  expect(ended(Infinity)).toEqual([undefined])
})

test('a specification of an object that promises something of its own is judged by that', () => {
  const monitors = started(judge({ synod: { ...Consensus, object: register } as Specification }))
  monitors.observe('p1', 'synod', decide('v1'))
  monitors.end(new Set(processes), Infinity)
  expect(monitors.finding).toMatchObject({ property: 'Uniform Validity' })
})

describe('a specification of a replicated service with', () => {
  const service = replication(register)
  const invoke = { kind: 'invoke', request: 'r1', call: { function: 'write', arguments: ['b'] } } as Action
  const found = (specification: Specification) => {
    const monitors = started(judge({ service: specification }))
    monitors.observe('p1', 'service', invoke)
    monitors.end(new Set(processes), Infinity)
    return monitors.finding?.property
  }

  test('all of its properties is judged by them', () => {
    expect(found(service)).toBe('Termination')
  })

  test('a variant that is asked for is judged by that', () => {
    const monitors = started(judge({ service }, ['Replication: Uniform Agreement']))
    const effect = {
      request: 'r1',
      call: { function: 'write', arguments: ['b'] },
      value: null,
      writes: {},
      choices: [],
    }
    monitors.observe('p1', 'service', invoke)
    monitors.observe('p1', 'service', { kind: 'apply', ...effect } as Action)
    monitors.end(new Set(processes), Infinity)
    expect(monitors.finding?.property).toBe('Uniform Agreement')
  })

  test('a property taken away is not judged by that', () => {
    expect(found({ ...service, properties: service.properties.filter(({ name }) => name !== 'Termination') })).toBe(
      undefined,
    )
  })

  test('a property of one’s own besides is judged by that, too', () => {
    const Unasked = safety<{ readonly events: readonly unknown[] }>('Unasked', 'Nobody asks.', function* ({ events }) {
      if (events.length > 0) yield because`somebody asks`
    })
    const properties = [Unasked, ...service.properties.filter(({ name }) => name !== 'Termination')]
    expect(found({ ...service, properties })).toBe('Unasked')
  })
})

test('a specification of an object is judged as it reads what happens, and by its object', () => {
  const service = replication(register)
  const renamed = (history: History) =>
    service.read({ ...history, events: history.events.map((event) => ({ ...event, kind: 'invoke' })) })
  const found = (specification: Specification, actions: readonly object[]) => {
    const monitors = started(judge({ service: specification }))
    for (const action of actions) monitors.observe('p1', 'service', action as Action)
    monitors.end(new Set(processes), Infinity)
    return monitors.finding?.property
  }
  const call = { function: 'write', arguments: ['a'] }
  const asks = { kind: 'ask', request: 'p1#1', call }
  expect(found(service, [asks])).toBeUndefined()
  expect(found({ ...service, read: renamed }, [asks])).toBe('Termination')
  const served = [
    { kind: 'invoke', request: 'p1#1', call },
    { kind: 'apply', request: 'p1#1', call, value: null, writes: { value: 'a' } },
    { kind: 'reply', request: 'p1#1', value: null },
  ]
  const other = { ...register, functions: {} }
  expect(found(service, served)).toBeUndefined()
  expect(found(replication(other), served)).toBe('One Copy')
  // Its properties are told of the register, whatever stands beside them.
  expect(found({ ...service, object: other } as Specification, served)).toBeUndefined()
})

describe('a specification of one’s own', () => {
  const never = (kind: string) =>
    safety<Iterable<Action>>(`No ${kind}`, `Nobody says ${kind}.`, function* (actions) {
      for (const action of actions) if (action.kind === kind) yield because`somebody says ${kind}`
    })
  const found = (kind: string, properties: readonly string[]) => {
    const own: Specification = {
      name: 'Silence',
      source: 'none',
      properties: properties.map(never),
      variants: [],
      read: ({ events }) => events.values(),
    }
    const monitors = started(judge({ layer: own }))
    monitors.observe('p1', 'layer', { kind })
    monitors.end(new Set(processes), Infinity)
    return monitors.finding?.property
  }

  test('may read a run as something that is gone through once', () => {
    expect(found('b', ['a', 'b'])).toBe('No b')
    expect(found('c', ['a', 'b'])).toBeUndefined()
  })

  const silence: Specification = {
    name: 'Silence',
    source: 'none',
    properties: [never('b')],
    variants: [],
    read: ({ events }) => events,
  }
  const judging = (parts: Partial<Specification>) => () => {
    const monitors = started(judge({ layer: { ...silence, ...parts } }))
    for (const kind of ['a', 'b', 'c']) monitors.observe('p1', 'layer', { kind })
    monitors.end(new Set(processes), Infinity)
    return monitors.finding?.property
  }

  test('may sort what it reads: the next property reads what has happened', () => {
    const last = safety<Action[]>('Last', 'The last is c.', function* (actions) {
      if (actions.reverse()[0]!.kind !== 'c') yield because`the last is ${actions[0]!.kind}`
    })
    expect(judging({ properties: [last, { ...last, name: 'Last too' }] })()).toBeUndefined()
  })

  test('may change what it reads, and who takes part: neither the next property nor the run is told', () => {
    const rewriting = safety<any>('Rewriting', 'Nothing is as it was.', function* ({ events, processes, correct }) {
      for (const action of events) action.kind = action.list.reverse()[0]
      processes.reverse()
      correct.clear()
    })
    const seen: unknown[] = []
    const reading = safety<History>('Reading', 'All is as it was.', function* ({ events, processes, correct }) {
      seen.push(...events, processes, correct)
    })
    const monitors = started(
      judge({ layer: { ...silence, properties: [rewriting, reading], read: (history) => history } }),
    )
    monitors.observe('p1', 'layer', { kind: 'b', list: [1, 2] } as Action)
    const correct = new Set(processes)
    monitors.end(correct, Infinity)
    expect(seen).toEqual([{ at: 'p1', kind: 'b', list: [1, 2] }, ['p1', 'p2', 'p3'], new Set(['p1', 'p2', 'p3'])])
    expect([processes, [...correct]]).toEqual([
      ['p1', 'p2', 'p3'],
      ['p1', 'p2', 'p3'],
    ])
  })

  test('that throws is told by its name', () => {
    const wrong = { ...never('b'), violations: (actions: any) => actions[99].kind }
    expect(judging({ properties: [wrong] })).toThrow(
      /^judging Silence: expected its property No b to go through what has happened, .* threw TypeError/,
    )
    const undecided = () => {
      throw new Error('out of luck')
    }
    expect(judging({ properties: [{ ...never('x'), undecided }] })).toThrow(/^judging Silence: .*No x.*out of luck/)
    const read = () => {
      throw new Error('no events')
    }
    expect(judging({ read })).toThrow(/^judging Silence: .*or `read` of the specification, threw Error: no events/)
  })

  test('that reads a field that no action has compares nothing with nothing, which is no all-clear', () => {
    const reading = (field: string) => {
      const names = safety<any[]>('Names', 'All say the same.', function* (actions) {
        for (const a of actions) if (a[field] !== actions[0][field]) yield because`${a} is another one`
      })
      return judging({ alphabet: { a: {}, b: {}, d: { value: text } }, properties: [names] })
    }
    expect(reading('vlaue')).toThrow(
      'judging Silence: expected its property Names to read what actions say, which is kind, at, value, but it, or `read` of the specification, read vlaue, which none has; the nearest is value.',
    )
    for (const field of ['value', 'toString', 'toJSON']) expect(reading(field)()).toBeUndefined()
    expect(reading('kind')()).toBe('Names')
  })

  test('is not blamed for an object that declares itself wrongly, which says so', () => {
    const violations = () => {
      throw new ObjectFailure('map.get(x): `touches` throws Error')
    }
    expect(judging({ properties: [{ ...never('b'), violations }] })).toThrow(/^map\.get\(x\): `touches` throws Error$/)
  })

  test.for([
    [undefined, 'Undefined'],
    [true, 'Boolean'],
    ['', 'String'],
    [function* () {}, 'GeneratorFunction'],
    [(async function* () {})(), 'AsyncGenerator'],
  ] as const)('that answers with %s instead of reasons is no all-clear', ([answer, called]) => {
    const wrong = { ...never('b'), violations: () => answer as any }
    expect(judging({ properties: [wrong] })).toThrow(
      `its property No b to go through a run and yield a reason for each violation, but its answer is of type ${called}.`,
    )
  })

  test('speaks of where something happens, and an observation may say nothing else', () => {
    const somewhere = (at: unknown) => () => {
      const monitors = started(judge({ layer: { ...Consensus } }))
      monitors.observe('p1', 'layer', { kind: 'rise', at } as Action)
    }
    expect(somewhere('noon')).toThrow('p1 says rise with a field `at` that is noon: expected none')
    expect(somewhere('p1')).not.toThrow()
  })

  test.for(['throw', 'constructor', 'toString', 'valueOf'])('may speak of kind %s', (kind) => {
    expect(found(kind, ['other'])).toBeUndefined()
    expect(found(kind, ['other', kind])).toBe(`No ${kind}`)
  })
})

describe('what counts', () => {
  test('is the first finding', () => {
    const monitors = consensus()
    monitors.observe('p1', 'synod', decide('v1'))
    monitors.observe('p1', 'synod', decide('v1'))
    monitors.observe('p1', 'process', thrown)
    monitors.end(new Set(processes), Infinity)
    expect(monitors.finding).toMatchObject({ property: 'Uniform Validity' })
  })

  test('is the first of two that are found at once', () => {
    const other = { ...consensusMonitor, specification: { ...Consensus, name: 'Another Consensus' } }
    const both = [consensusMonitor, other].map((monitor) => ({ layer: 'synod', monitor }))
    const monitors = started(new Monitors(both))
    monitors.observe('p1', 'synod', decide('v1'))
    expect(monitors.finding).toMatchObject({ specification: 'Consensus' })
  })

  test('is what is asked for', () => {
    const monitors = consensus('Consensus: Uniform Agreement')
    monitors.observe('p1', 'synod', propose('v1'))
    monitors.observe('p1', 'synod', propose('v2'))
    monitors.observe('p1', 'synod', decide('v1'))
    monitors.observe('p1', 'synod', decide('v1'))
    monitors.end(new Set(processes), Infinity)
    expect(monitors.finding).toBeUndefined()
    monitors.observe('p2', 'synod', decide('v2'))
    expect(monitors.finding).toMatchObject({ property: 'Uniform Agreement' })
  })

  test('is nothing of another specification, in the end either', () => {
    const monitors = started(judge({ synod: Consensus, broadcast: ReliableBroadcast }, ['Consensus: Uniform Validity']))
    monitors.observe('p1', 'broadcast', broadcast('a'))
    monitors.end(new Set(processes), Infinity)
    expect(monitors.finding).toBeUndefined()
  })

  test('is not confused by what no specification speaks of', () => {
    const monitors = consensus('Consensus: Uniform Validity')
    monitors.observe('p1', 'synod', { kind: 'unheard-of' })
    monitors.observe('p1', 'synod', decide('v1'))
    expect(monitors.finding).toMatchObject({ property: 'Uniform Validity' })
  })

  test('is everything, if nobody asks', () => {
    const monitors = started(new Monitors([]))
    monitors.observe('p1', 'process', thrown)
    expect(monitors.finding).toBe(noCrash)
  })

  test('is a variant if it is asked for, and not otherwise', () => {
    const disagree = (monitors: Monitors, correct: readonly string[]) => {
      for (const [p, v] of [
        ['p1', 'v1'],
        ['p2', 'v2'],
      ] as const) {
        monitors.observe(p, 'synod', propose(v))
        monitors.observe(p, 'synod', decide(v))
      }
      monitors.end(new Set(correct), Infinity)
      return monitors.finding?.property
    }
    expect(disagree(consensus('Consensus: Agreement'), ['p1', 'p2'])).toBe('Agreement')
    expect(disagree(consensus('Consensus: Agreement'), ['p1', 'p3'])).toBeUndefined()
    expect(disagree(consensus('Consensus: Uniform Integrity'), ['p1', 'p2'])).toBeUndefined()
    expect(disagree(consensus(), ['p1', 'p2'])).toBe('Uniform Agreement')
  })

  test('is a crash, if it counts', () => {
    const crashed = (monitors: Monitors) => {
      monitors.observe('p1', 'process', thrown)
      return monitors.finding
    }
    expect(crashed(consensus())).toEqual({ specification: 'Process', property: 'No Crash', layer: 'process' })
    expect(crashed(consensus('Process: No Crash'))).toBe(noCrash)
    expect(crashed(consensus('Consensus: Termination'))).toBeUndefined()
  })

  test('is no crash, if that does not count; but what comes after it says nothing', () => {
    const monitors = consensus('Consensus: Agreement')
    monitors.observe('p1', 'synod', propose('v1'))
    monitors.observe('p2', 'synod', propose('v2'))
    monitors.observe('p1', 'process', thrown)
    monitors.observe('p1', 'synod', decide('v1'))
    monitors.observe('p2', 'synod', decide('v2'))
    monitors.end(new Set(['p1', 'p2']), Infinity)
    expect(monitors.finding).toBeUndefined()
    expect(monitors.undecided).toMatchObject({ property: 'Agreement', because: 'out of range' })
    expect(monitors.owed(new Set(['p1', 'p2']), 0)).toBeUndefined()
    monitors.reset(['p1', 'p2', 'p3'])
    expect(monitors.undecided).toBeUndefined()
  })

  test('is nothing after such a crash: not what is found at once, not what is owed, not in the end', () => {
    const all = new Set(processes)
    const crashed = (property: string) => {
      const monitors = started(judge({ broadcast: ReliableBroadcast, synod: Consensus }, [`Consensus: ${property}`]))
      for (const p of processes) monitors.observe(p, 'synod', propose(p))
      monitors.observe('p1', 'synod', decide('p1'))
      if (property === 'Termination') expect(monitors.owed(all, Infinity)).toMatchObject({ property })
      monitors.observe('p1', 'process', thrown)
      return monitors
    }
    const agreeing = crashed('Uniform Agreement')
    agreeing.observe('p2', 'synod', decide('p2'))
    const terminating = crashed('Termination')
    expect(terminating.owed(all, Infinity)).toBeUndefined()
    for (const monitors of [agreeing, terminating]) {
      monitors.end(all, Infinity)
      expect(monitors.finding).toBeUndefined()
      expect(monitors.undecided).toMatchObject({ specification: 'Consensus', layer: 'synod' })
    }
  })

  test('is owed only at rest', () => {
    const correct = new Set(processes)
    const monitors = consensus()
    for (const p of processes) monitors.observe(p, 'synod', propose('v1'))
    monitors.end(correct, undefined)
    expect(monitors.finding).toBeUndefined()
    expect(monitors.owed(correct, Infinity)).toEqual({
      specification: 'Consensus',
      property: 'Termination',
      layer: 'synod',
    })
    expect(monitors.finding).toBeUndefined()
    monitors.end(correct, Infinity)
    expect(monitors.finding).toMatchObject({ property: 'Termination' })
  })

  test('is never owed where all is safety', () => {
    expect(started(judge({ raft: Raft })).owed(new Set(processes), 0)).toBeUndefined()
  })
})

test('a variant counts if it is among the properties, too', () => {
  const deliver = { kind: 'deliver', message: 'a' } as Action
  const demanding = { ...ReliableBroadcast, properties: [...ReliableBroadcast.properties, UniformDelivery] }
  for (const [specification, property] of [
    [ReliableBroadcast, undefined],
    [demanding, UniformDelivery.name],
  ] as const) {
    const monitors = started(judge({ broadcast: specification }))
    monitors.observe('p1', 'broadcast', broadcast('a'))
    monitors.observe('p1', 'broadcast', deliver)
    monitors.end(new Set(['p2', 'p3']), Infinity)
    expect(monitors.finding?.property).toBe(property)
  }
})

describe('what cannot be judged', () => {
  const open = (name: string, only?: readonly string[], kind: 'deferred' | 'liveness' = 'deferred') => {
    const property = { ...Termination, name, kind, violations: () => [], undecided: () => 'nobody has counted' }
    const specification = { ...Consensus, properties: [property, UniformAgreement] }
    return started(judge({ synod: specification }, only))
  }
  const doubt = {
    specification: 'Consensus',
    property: 'Parity',
    layer: 'synod',
    because: 'nobody has counted',
  }

  test.for(['deferred', 'liveness'] as const)('leaves a run undecided, and is no violation: %s', (kind) => {
    const monitors = open('Parity', undefined, kind)
    expect(monitors.undecided).toBeUndefined()
    expect(monitors.owed(new Set(processes), Infinity)).toBeUndefined()
    monitors.end(new Set(processes), Infinity)
    expect(monitors.finding).toBeUndefined()
    expect(monitors.undecided).toEqual(doubt)
    expect(monitors.owed(new Set(processes), Infinity)).toBeUndefined()
    monitors.reset(processes)
    expect(monitors.undecided).toBeUndefined()
  })

  test('is said though something is violated besides, and not where it does not count', () => {
    const disagree = (monitors: Monitors) => {
      for (const [p, value] of [
        ['p1', 'v1'],
        ['p2', 'v2'],
      ] as const) {
        monitors.observe(p, 'synod', propose(value))
        monitors.observe(p, 'synod', decide(value))
      }
      monitors.end(new Set(processes), Infinity)
      return monitors.finding?.property
    }
    expect(disagree(open('Parity'))).toBe('Uniform Agreement')
    const other = open('Parity', ['Consensus: Uniform Agreement'])
    expect(disagree(other)).toBe('Uniform Agreement')
    expect(other.undecided).toBeUndefined()
  })
})

describe('a copy', () => {
  test('is what a run goes on from, as often as one likes', () => {
    const monitors = consensus()
    monitors.observe('p1', 'synod', propose('v1'), 1)
    const before = monitors.copy()
    for (const other of ['v2', 'v3']) {
      monitors.observe('p2', 'synod', propose(other), 1)
      monitors.observe('p2', 'synod', decide(other), 1)
      expect(monitors.finding).toBeUndefined()
      monitors.restore(before)
      monitors.observe('p1', 'synod', decide('v1'), 1)
      expect(monitors.finding).toBeUndefined()
      monitors.observe('p3', 'synod', decide(other), 1)
      expect(monitors.finding).toMatchObject({ property: 'Uniform Validity', instance: 1 })
      monitors.restore(before)
      expect(monitors.finding).toBeUndefined()
    }
  })

  test('has what was found', () => {
    const monitors = consensus()
    monitors.observe('p1', 'synod', decide('v1'))
    const found = monitors.copy()
    monitors.reset(processes)
    monitors.restore(found)
    expect(monitors.finding).toMatchObject({ property: 'Uniform Validity' })
  })
})

describe.for(alphabets)('$name without a monitor of its own', (alphabet) => {
  test('is judged by its properties in the end', () => {
    // A copy is another specification, which no monitor is for.
    const specification = { ...alphabet.specification }
    const of = (kind: string) => specification.properties.filter((property) => property.kind === kind)
    const seen = new Seen()
    fc.assert(
      fc.property(draws(100), (drawn) => {
        const history = play(alphabet, drawn)
        const { place, property } = monitored(specification, history)
        const [unsafe, owed] = [of('safety'), of('liveness')].map((kind) => violated(kind, specification, history)[0])
        assert.deepEqual({ place, property }, { place: undefined, property: unsafe ?? owed })
        seen.count(unsafe !== undefined ? 'unsafe' : owed !== undefined ? 'owed' : 'nothing')
      }),
      { seed: 23, numRuns: runs(600) },
    )
    for (const what of ['unsafe', 'owed', 'nothing']) expect(seen.of(what), what).toBeGreaterThan(10)
  })
})

const worlds = [
  ...alphabets.map((alphabet) => ({
    name: alphabet.name,
    specification: alphabet.specification,
    histories: draws(160).map((drawn) => play(alphabet, drawn)),
  })),
  { name: Raft.name, specification: Raft, histories: rafts },
]

describe.for(worlds)('$name, asked for one property', ({ specification, histories }) => {
  test.for(specification.properties)('$name: is judged as if there were no other', (property) => {
    const monitors = judge({ layer: specification }, [`${specification.name}: ${property.name}`])
    const seen = new Seen()
    fc.assert(
      fc.property(histories, (history) => {
        monitors.reset(history.processes)
        let place: number | undefined
        for (const [i, { at, ...action }] of history.events.entries()) {
          monitors.observe(at, 'layer', action)
          if (monitors.finding !== undefined) place ??= i
        }
        monitors.end(history.correct, Infinity)
        const [expected] = violated([property], specification, history)
        assert.equal(monitors.finding?.property, expected)
        if (place !== undefined) {
          assert.deepEqual(violated([property], specification, until(history, place + 1)), [property.name])
          assert.deepEqual(violated([property], specification, until(history, place)), [])
        }
        assert.equal(place !== undefined, expected !== undefined && property.kind === 'safety')
        seen.count(expected ?? 'nothing')
      }),
      { seed: 24, numRuns: runs(1000) },
    )
    for (const what of [property.name, 'nothing']) expect(seen.of(what), what).toBeGreaterThan(5)
  })
})
