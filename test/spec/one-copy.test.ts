/** The one copy: its automaton step by step, and what its properties read in a history. */
import { describe, expect, test } from 'vitest'
import { Linearizability } from '../../spec/linearizability.ts'
import { service, tickingRegister } from '../../spec/litmus/services.ts'
import { type Call, type Chance, execute, ObjectFailure, updated } from '../../spec/object.ts'
import { lease, lottery, register } from '../../spec/objects/index.ts'
import { type Effect, replay, type Snapshot, sameCall } from '../../spec/one-copy.ts'
import {
  AtMostOnce,
  automaton,
  ClientOrder,
  Cut,
  FreshReads,
  type Input,
  NoHiddenState,
  OneCopy,
  type Output,
  ReadsWriteNothing,
  replication,
  Termination,
  UniformAgreement,
} from '../../spec/replication.ts'
import { first } from '../support/verdicts.ts'
import { step } from '../support/worlds.ts'

const call = (name: string, ...args: readonly string[]): Call => ({ function: name, arguments: args })
const invoke = (request: string, call: Call): Input => ({ kind: 'invoke', at: request.split('#')[0]!, request, call })
const reply = (request: string, value: Effect['value']): Extract<Output, { kind: 'reply' }> => ({
  kind: 'reply',
  at: request.split('#')[0]!,
  request,
  value,
})

test('a call is the same if both its function and its arguments are', () => {
  expect(sameCall(call('write', 'a'), call('write', 'a'))).toBe(true)
  expect(sameCall(call('write', 'a'), call('write', 'b'))).toBe(false)
  expect(sameCall(call('read'), call('tick'))).toBe(false)
})

describe('what a request gives when it comes next', () => {
  const effect = { request: 'c1#1', call: call('draw'), value: 'b', writes: { winner: 'b' } }
  const state = { tickets: ['a', 'b'], winner: null }

  test('is believed where nobody has seen the choices, and computed where they are known', () => {
    expect(replay(lottery, state, effect)).toEqual({
      value: 'b',
      reads: [],
      writes: { winner: 'b' },
      hidden: undefined,
      open: true,
    })
    expect(replay(lottery, state, { ...effect, choices: [0.1] })).toMatchObject({ value: 'a', open: false })
  })

  test('shows hidden state, whatever replicas report: its two executions follow each other', () => {
    let odd = false
    const parity = () => {
      odd = !odd
      return odd
    }
    const fickle = { ...register, functions: { parity: { parameters: [], body: parity } } }
    for (const value of [true, false]) {
      const told = { request: 'c1#1', call: call('parity'), value, writes: {} }
      expect(replay(fickle, fickle.variables, told)).toMatchObject({ value: true, hidden: expect.any(String) })
    }
  })

  test('is nothing, if the object breaks the rules', () => {
    const broken = { ...lottery, functions: { draw: { parameters: [], body: () => new Map() as never } } }
    expect(() => replay(broken, state, effect)).toThrow(ObjectFailure)
  })
})

describe('the automaton', () => {
  const copy = automaton(register)
  const [write, read] = [call('write', 'a'), call('read')]
  const reached = (...events: readonly (Input | Output)[]) =>
    events.reduce((s, event) => step(copy, s, event)!, copy.initial(['p1', 'p2']))
  const written: Extract<Output, { kind: 'apply' }> = {
    kind: 'apply',
    at: 'p1',
    request: 'c1#1',
    call: write,
    value: null,
    writes: { value: 'a' },
  }

  test('knows a request as it was invoked first', () => {
    const s = reached(invoke('c1#1', write), { ...invoke('c1#1', read), at: 'c2' })
    expect(s.invoked).toEqual([{ client: 'c1', request: 'c1#1', call: write }])
  })

  test('reads and applies what was invoked, as it was invoked', () => {
    const s = reached(invoke('c1#1', read), invoke('c2#1', write))
    const may = (event: Output) => step(copy, s, event) !== undefined
    const reading = { kind: 'read', at: 'p1', request: 'c1#1', call: read, value: null } as const
    expect(may(reading)).toBe(true)
    expect(may({ ...reading, request: 'c2#1' })).toBe(false)
    expect(may({ ...written, request: 'c2#1' })).toBe(true)
    expect(may({ ...written, request: 'c1#1' })).toBe(false)
  })

  test('replies to the client that has asked, with what it has asked for, and owes that once', () => {
    const s = reached(invoke('c1#1', write), invoke('c1#2', read), invoke('c2#1', read), written)
    const may = (event: Output) => step(copy, s, event) !== undefined
    expect(may(reply('c1#1', null))).toBe(true)
    expect(may(reply('c1#1', 'a'))).toBe(false)
    expect(may(reply('c1#2', null))).toBe(false)
    expect(may({ ...reply('c1#1', null), at: 'c2' })).toBe(false)
    expect(may({ ...reply('c1#1', null), request: 'c2#1' })).toBe(false)
    expect(copy.enabled(s, 'c1')).toEqual([reply('c1#1', null)])
    const more = [{ ...written, request: 'c1#2', call: read, value: 'a', writes: {} } as Output, reply('c1#2', 'a')]
    const answered = [reply('c1#1', null), ...more].reduce((s, event) => step(copy, s, event)!, s)
    expect(copy.enabled(answered, 'c1')).toEqual([])
  })

  test('owes nobody a reply that was read before what others were shown', () => {
    const reading = { kind: 'read', at: 'p2', request: 'c2#1', call: read, value: null } as const
    const late = reached(invoke('c1#1', write), written, reply('c1#1', null), invoke('c2#1', read), reading)
    expect(copy.enabled(late, 'c2')).toEqual([])
    const inTime = reached(invoke('c1#1', write), written, invoke('c2#1', read), reply('c1#1', null), reading)
    expect(copy.enabled(inTime, 'c2')).toEqual([reply('c2#1', null)])
  })

  test('offers to read what nobody has applied, once in each state', () => {
    const reading = (request: string) => ({ kind: 'read', at: 'p1', request, call: read, value: null }) as const
    const offered = (s: typeof asked, p: string) =>
      [...copy.enabled(s, p)].flatMap((event) => (event.kind === 'read' ? [event.request] : []))
    const asked = reached(invoke('c1#1', read), invoke('c2#1', read), invoke('c3#1', write))
    expect(offered(asked, 'p1')).toEqual(['c1#1', 'c2#1'])
    const once = step(copy, asked, reading('c1#1'))!
    expect([offered(once, 'p1'), offered(once, 'p2')]).toEqual([['c2#1'], ['c2#1']])
    const later = step(copy, once, { ...written, request: 'c2#1', call: read, writes: {} } as Output)!
    expect([offered(later, 'p1'), offered(later, 'p2')]).toEqual([['c1#1'], []])
  })

  test('installs a state with the last reply to each client, and offers it so to who is behind', () => {
    const applied = (request: string): Output => ({ ...written, request, call: read, value: null, writes: {} })
    const requests = ['c1#1', 'c2#1', 'c1#2']
    const s = reached(...requests.map((request) => invoke(request, read)), ...requests.map(applied))
    const installing = (replies: Snapshot['replies']): Extract<Output, { kind: 'install' }> => ({
      kind: 'install',
      at: 'p2',
      index: 3,
      state: register.variables,
      replies,
    })
    const may = (replies: Snapshot['replies']) => step(copy, s, installing(replies)) !== undefined
    const last = { 'c2#1': null, 'c1#2': null }
    expect(may(last)).toBe(true)
    expect(may({ ...last, 'c1#1': null })).toBe(true)
    for (const request of Object.keys(last)) expect(may({ [request]: null })).toBe(false)
    expect(copy.enabled(s, 'p2')).toContainEqual(installing(last))
    expect(copy.enabled(s, 'p1')).toEqual([])
  })

  test('makes the benign choices where it runs as a service, and names those that it makes', () => {
    const enabled = (object: typeof lottery, asked: Call) => {
      const copy = automaton(object)
      return copy.enabled(step(copy, copy.initial(['p1']), invoke('c1#1', asked))!, 'p1')
    }
    const benign = { kind: 'apply', at: 'p1', request: 'c1#1' }
    const acquire: Call = { function: 'acquire', arguments: ['c1', 5] }
    expect(enabled(lease, acquire)).toEqual([
      { ...benign, call: acquire, value: true, writes: { holder: 'c1', until: 5 }, choices: [0] },
    ])
    // Nothing is written, but by another clock it would be, so that it is no read.
    const held = { ...lease, variables: { holder: 'c2', until: 5 } }
    expect(enabled(held, acquire)).toEqual([{ ...benign, call: acquire, value: false, writes: {}, choices: [0] }])
    const [plain] = enabled(register, read)
    expect(plain).toEqual({ ...benign, call: read, value: null, writes: {} })
    expect(plain).not.toHaveProperty('choices')
    const urn = { ...lottery, variables: { tickets: ['a', 'b'], winner: null } }
    expect(enabled(urn, call('draw'))).toMatchObject([{ value: 'a', choices: [0] }])
  })
})

describe('the properties', () => {
  const Service = replication(tickingRegister)
  const reasons = ({ violations }: typeof OneCopy, run: string) =>
    [...violations(Service.read(service(run)))].map(({ because }) => because)

  test('offer one variant', () => {
    expect(replication(tickingRegister).variants).toEqual([UniformAgreement])
  })

  test('take a request as it was invoked, not as it was applied before', () => {
    expect(reasons(ClientOrder, 'p1:c1#1 c1?wa c1?wb p1:c1#2 p1:c1#1')).toEqual([
      'c1 invokes c1#1 before c1#2, but p1 applies c1#1 when c1#2 has taken effect in its state',
    ])
  })

  test('name what a replica takes for what was invoked', () => {
    const taking = (run: string): ReturnType<typeof service> => {
      const { events, ...others } = service(run)
      return {
        ...others,
        events: events.map((e) => (e.kind === 'invoke' ? e : { ...e, call: call('snapshot') })) as typeof events,
      }
    }
    const reasons = ({ violations }: typeof OneCopy, run: string) =>
      [...violations(Service.read(taking(run)))].map(({ because }) => because)
    expect(reasons(AtMostOnce, 'c1?r p1:c1#1')).toEqual(['p1 applies c1#1 as snapshot(), but it was invoked as read()'])
    expect(reasons(ReadsWriteNothing, 'c1?r p1/c1#1')).toEqual([
      'p1 reads c1#1 as snapshot(), but it was invoked as read()',
    ])
  })

  test('take a request for that of the client who has invoked it first', () => {
    const run = service('c1?wa c1?r p1:c1#1 p1:c1#2 p2@2')
    const again = { ...run, events: [run.events[0]!, { ...run.events[0]!, at: 'c2' }, ...run.events.slice(1)] }
    expect(first(Cut.violations(Service.read(again)))).toBeUndefined()
    // It was applied out of thin air, and invoked later.
    expect(reasons(Cut, 'p1:c1#1 c1?wa c1?wb p1:c1#2 p2@2')).toEqual([])
  })

  test('owe a reading what was shown before its request was invoked first', () => {
    const { events, ...others } = service('c2?r c1?wa p1:c1#1 c1=- p2/c2#1 c2=-')
    const again = { ...others, events: [...events.slice(0, 4), events[0]!, ...events.slice(4)] }
    expect(first(FreshReads.violations(Service.read(again)))).toBeUndefined()
  })

  test('say once that an object hides state, at the effect or the reading', () => {
    const hides = (does: string) => [
      expect.stringContaining(`p1 ${does} c1#1 tick(), but the object keeps a state of its own: `),
    ]
    expect(reasons(NoHiddenState, 'c1?t p1:c1#1 c1=1')).toEqual(hides('applies'))
    expect(reasons(NoHiddenState, 'c1?t p1/c1#1 c1=1')).toEqual(hides('reads'))
  })

  test('say whether clients can tell', () => {
    const [applied, replied] = reasons(OneCopy, 'c1?wa p1:c1#1 c1=- c2?r p1:c2#1=- c2=-')
    for (const reason of [applied, replied]) expect(reason).toContain(': the replies are not linearizable in any order')
  })

  test('compare nothing with a request that is repeated', () => {
    const run = service('c1?wa p1:c1#1 c1=-')
    const events = [...run.events, run.events[0]!]
    expect(first(OneCopy.violations(Service.read({ ...run, events })))).toBeUndefined()
  })

  test('owe a reply to clients that are no processes of the system, unless they are and fail', () => {
    const run = service('c1?wa')
    const owed = (processes: readonly string[]) =>
      first(Termination.violations(Service.read({ ...run, processes, correct: new Set() }))) !== undefined
    expect([owed(['p1']), owed(['p1', 'c1'])]).toEqual([true, false])
  })

  test('take who applies for a replica, though it is a client, and who does nothing', () => {
    const run = service('c1?wa p1:c1#1')
    const at = (from: string, to: string) =>
      run.events.map((event) => (event.at === from ? { ...event, at: to } : event)) as typeof run.events
    const late = (events: typeof run.events, processes: readonly string[]) =>
      [...UniformAgreement.violations(Service.read({ processes, correct: new Set(processes), events }))].length
    expect(late(run.events, ['p1', 'p2', 'c1'])).toBe(1)
    expect(late(at('c1', 'p1'), ['p1', 'p2'])).toBe(1)
    expect(late(at('c1', 'p2'), ['p1', 'p2'])).toBe(0)
  })

  test('take no reply in a snapshot but what the order gives up to its place', () => {
    const run = service('c1?wa p1:c1#1 c2?r p1:c2#1 p2@1')
    const installing = (replies: Snapshot['replies']) => ({
      ...run,
      events: run.events.map((event) => (event.kind === 'install' ? { ...event, replies } : event)),
    })
    const reasons = (replies: Snapshot['replies']) =>
      [...Cut.violations(Service.read(installing(replies)))].map(({ because }) => because)
    expect(reasons({ 'c1#1': null })).toEqual([])
    expect(reasons({ 'c1#1': 'b' })).toEqual([
      'p2 installs b as the reply to c1#1, but at its place in the order it gives null',
    ])
    expect(reasons({ 'c1#1': null, 'c2#1': 'a' })).toEqual([
      'p2 installs a reply to c2#1, which is not applied up to number 1',
    ])
  })

  describe('with choices', () => {
    /** One client after the other, each request applied by p1 and, with other choices, by p2. */
    const run = (chances: readonly [Chance, Chance], reported: boolean, winner: string) => {
      let state = lottery.variables
      const calls = [call('enter', 'a'), call('enter', 'b'), call('draw')]
      return calls.flatMap((asked, i): (Input | Output)[] => {
        const request = `c${i + 1}#1`
        const [mine, other] = chances.map((chance) => execute(lottery, state, asked, chance))
        state = updated(state, mine!.writes)
        const applied = ({ value, writes, choices }: NonNullable<typeof mine>, at: string): Output => {
          const effect = { kind: 'apply' as const, at, request, call: asked, value, writes }
          return reported ? { ...effect, choices } : effect
        }
        const value = asked.function === 'draw' ? winner : mine!.value
        return [invoke(request, asked), applied(mine!, 'p1'), applied(other!, 'p2'), reply(request, value)]
      })
    }
    const [low, high] = [0.1, 0.9].map((x) => ({ random: () => x, now: () => 0 })) as [Chance, Chance]
    const lots = replication(lottery)
    const read = (...of: Parameters<typeof run>) =>
      lots.read({ processes: ['p1', 'p2'], correct: new Set(), events: run(...of) })

    test('those count that the first replica has made', () => {
      expect(first(Linearizability.violations(read([low, high], true, 'a')))).toBeUndefined()
      expect(first(Linearizability.violations(read([low, high], true, 'b')))).toBeDefined()
    })

    test('that nobody has reported, nothing is said of what clients can tell', () => {
      expect(first(Linearizability.violations(read([low, low], false, 'b')))).toBeUndefined()
      for (const { undecided } of [Linearizability, OneCopy]) {
        expect(undecided!(read([low, low], false, 'a'))).toMatch(/^an operation makes choices that nobody has seen/)
        expect(undecided!(read([low, low], true, 'a'))).toBeUndefined()
      }
      expect(first(OneCopy.violations(read([low, low], false, 'b')))!.because).toMatch(
        /: the order is no linearization$/,
      )
    })
  })
})
