/** A process is a function of its own inputs: told the same it does alone what it does among others. */
import { expect, test } from 'vitest'
import { desk, tickets } from '../../examples/own/desk.ts'
import { total } from '../../examples/own/target.ts'
import { Labs } from '../../src/campaign/explore.ts'
import {
  type Call,
  check,
  client,
  invocations,
  linearizability,
  type Module,
  messages,
  objects,
  specifications,
  type Target,
  withInvariants,
} from '../../src/index.ts'
import { targets } from '../../src/library/registry.ts'
import { protocols } from '../../src/protocols/index.ts'

const call = (name: string, ...args: string[]): Call => ({ function: name, arguments: args })

/** A register that exchanges no messages. `where`: what its processes have in common, or a state of their own. */
const register = (where: 'shared' | 'own'): Target => {
  let shared = { value: null as string | null }
  const variables = (s: typeof shared) => (where === 'shared' ? shared : s)
  const module: Module = {
    ...desk,
    initial() {
      shared = { value: null }
      return { value: null }
    },
    receive: {
      request({ request, call: { function: name, arguments: args } }, s, me, c) {
        const register = variables(s)
        if (name === 'write') register.value = args[0]
        const value = name === 'snapshot' ? { value: register.value } : register.value
        me.send(c, { kind: 'reply', request, value: name === 'write' ? null : value })
      },
    },
  }
  return {
    ...tickets,
    name: 'register',
    specifications: { desk: linearizability(objects.register) },
    mustSee: [],
    workload: invocations((random) => random.pick([call('read'), call('write', random.pick(['v1', 'v2']))])),
    system: { module, below: {} },
  }
}

test('a register in a variable of the module is no replicated one', async () => {
  const { verdict, because } = await check(register('shared'), { runs: 50, reports: false })
  expect(verdict).toBe('error')
  expect(because).toMatch(
    /^run \d of register: expected that a process does alone, told the same, what it does among the others, but in its activation \d+ \(receive\) p\d sends .*"reply".* to c\d in layer desk, and alone sends .*"reply".*\. Processes share something that is no message: .* Keep everything in the state\.$/,
  )
})

test('copies that are none of each other are left to the judge', async () => {
  expect(await check(register('own'), { runs: 200, reports: false })).toMatchObject({ verdict: 'violated' })
})

/** Reliable broadcast by eager relay. `heard` is kept where all of a module can see it. */
const relay = (heard: (message: string, self: string) => boolean, forget: () => void): Target => ({
  ...total,
  name: 'relay',
  specifications: { relay: specifications.ReliableBroadcast },
  mustSee: [],
  workload: messages('broadcast'),
  system: {
    module: {
      name: 'relay',
      rules: {},
      initial() {
        forget()
        return { delivered: new Set<string>() }
      },
      upon: { broadcast: ({ message }, _s, me) => me.sendAll({ kind: 'relay', message }) },
      receive: {
        relay({ message }, s, me) {
          if (s.delivered.has(message)) return
          s.delivered.add(message)
          if (heard(message, me.self)) me.sendAll({ kind: 'relay', message })
          me.indicate({ kind: 'deliver', message })
        },
      },
      expire: {},
      from: {},
    } as Module,
    below: {},
  },
})

test('a set of the module saves messages that nobody could have saved', async () => {
  const all = new Set<string>()
  const first = (message: string) => !all.has(message) && all.add(message).has(message)
  const { verdict, because } = await check(
    relay(first, () => all.clear()),
    { runs: 50, reports: false },
  )
  expect(verdict).toBe('error')
  expect(because).toMatch(
    /in its activation \d+ \(receive\) p\d says \{"kind":"deliver",.*\} in layer relay, and alone sends \{"kind":"relay",.* to p\d in layer relay\. /,
  )
})

test('what is remembered and changes nothing is no matter', async () => {
  const lengths = new Map<string, number>()
  const long = (message: string) => {
    if (!lengths.has(message)) lengths.set(message, message.length)
    return lengths.get(message)! > 0
  }
  expect(
    await check(
      relay(long, () => {}),
      { runs: 50, reports: false },
    ),
  ).toMatchObject({ verdict: 'no violation' })
})

test('clients share nothing either, whatever runs beside them', async () => {
  const asking = new Set<string>()
  const usual: Module = client('desk')
  const alternating: Module = {
    ...usual,
    initial(...args) {
      asking.clear()
      return usual.initial(...args)
    },
    upon: {
      issue(action, s, me) {
        asking.add(me.self)
        if (asking.size === 1) usual.upon.issue!(action, s, me)
      },
    },
  }
  const silent = () => ({ reset() {}, activate() {}, crash() {} })
  const { because } = await check({ ...tickets, client: alternating, system: silent }, { runs: 20, reports: false })
  expect(because).toMatch(/in its activation \d+ \(request\) c\d does nothing more, and alone says /)
})

test('what somebody has made of a host it stays', async () => {
  const target = withInvariants(register('own'), {
    name: 'Values',
    source: 'nowhere',
    layer: 'desk',
    see: ({ value }: { readonly value: string | null }) => ({ kind: 'hold', value }),
    invariants: [],
  })
  const { lab, chooser } = await new Labs(target, { seed: 1, processes: [2], policy: 'mixed', beyond: false }).of(2)
  const choice = (await chooser.choose('mixed', 1, 0))!
  const first = await lab.diary.of(() => lab.record(choice.scenario, choice.fresh()))
  const second = await lab.record(choice.scenario, choice.fresh())
  expect(JSON.stringify(first.trace)).toContain('"layer":"states"')
  expect(second.trace).toEqual(first.trace)
})

test('a message that comes twice is one object, alone too', async () => {
  const target = targets.find(({ name }) => name === 'fixed-sequencer/acknowledges-twice')!
  const { lab, chooser } = await new Labs(target, { seed: 7, processes: [3], policy: 'mixed', beyond: false }).of(3)
  const choice = (await chooser.choose('mixed', 7, 13))!
  const { diary } = lab
  await diary.of(() => lab.record(choice.scenario, choice.fresh()))
  expect(diary.departure()).toBeUndefined()
})

test('every protocol of ours passes', async () => {
  for (const target of protocols) {
    const [n] = target.processes
    const labs = new Labs(target, { seed: 1, processes: [n!], policy: 'mixed', beyond: false })
    const { lab, chooser } = await labs.of(n!)
    const choice = await chooser.choose('mixed', 1, 0)
    const { diary } = lab
    await diary.of(() => lab.record(choice!.scenario, choice!.fresh()))
    expect(diary.departure(), target.name).toBeUndefined()
  }
})
