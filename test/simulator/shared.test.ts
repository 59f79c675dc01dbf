/** Processes share nothing: what one has sent or said is not what it makes of it later. */
import { expect, test } from 'vitest'
import { total } from '../../examples/own/target.ts'
import { because, check, type Module, messages, safety, specification, type Target } from '../../src/index.ts'

type List = { readonly kind: 'list'; readonly at: string; readonly list: readonly string[] }

const Growth = safety<readonly List[]>('Growth', 'The n-th list of a process has n elements.', function* (lists) {
  const told = new Map<string, number>()
  for (const { at: p, list } of lists) {
    const n = (told.get(p) ?? 0) + 1
    told.set(p, n)
    if (list.length !== n) yield because`list ${n} of ${p} has ${list.length} elements`
  }
})

const module = (what: 'says' | 'sends' | 'changes what it receives'): Module => ({
  name: 'list',
  rules: {},
  initial: () => ({ list: [] }),
  upon: {
    broadcast({ message }, s, me) {
      s.list.push(message)
      me.indicate({ kind: 'list', list: what === 'says' ? s.list : [...s.list] })
      me.sendAll({ kind: 'list', list: what === 'sends' ? s.list : [...s.list] })
    },
  },
  receive: {
    list({ list }) {
      if (what === 'changes what it receives') list.push('more')
    },
  },
  expire: {},
  from: {},
})

const target = (what: Parameters<typeof module>[0]): Target => ({
  ...total,
  name: 'list',
  specifications: {
    list: specification({
      name: 'Lists',
      source: 'nowhere',
      properties: [Growth],
      variants: [],
      read: ({ events }) => (events as readonly List[]).filter(({ kind }) => kind === 'list'),
    }),
  },
  mustSee: [],
  workload: messages('broadcast'),
  system: { module: module(what), below: {} },
})

const run = (what: Parameters<typeof module>[0]) => check(target(what), { runs: 50, reports: false })

test('what a process has said is judged as it was then', async () => {
  expect(await run('says')).toMatchObject({ verdict: 'no violation' })
})

test.for(['sends', 'changes what it receives'] as const)('a message does not change: %s', async (what) => {
  const { verdict, because } = await run(what)
  expect(verdict).toBe('error')
  expect(because).toMatch(
    /^list: expected that a message stays as it was sent, but p\d>p\d list\.list#1 was .* and has become /,
  )
})

test('what a message has become is shown, in maps and sets too', async () => {
  type Shared = { readonly known: Map<string, Set<string>> }
  const shared: Module<any, Shared> = {
    name: 'list',
    rules: {},
    initial: () => ({ known: new Map() }),
    upon: {
      broadcast({ message }, { known }, me) {
        known.set(me.self, (known.get(me.self) ?? new Set()).add(message))
        me.sendAll({ kind: 'list', known })
      },
    },
    receive: {
      list(_, { known }) {
        known.set('more', new Set())
      },
    },
    expire: {},
    from: {},
  }
  const of = { ...target('sends'), system: { module: shared, below: {} } }
  const { because } = await check(of, { runs: 50, reports: false })
  const [, was, is] =
    /list\.list#1 was (\{"kind":"list","known":Map\{.*\}\}) and has become (\{"kind":"list","known":Map\{.*\}\})\. /.exec(
      because!,
    )!
  expect(was).toMatch(/Map\{"p\d":Set\{"\w+"\}/)
  expect(is).not.toBe(was)
})

test('what is asked stays as it was asked: it may be asked of others, and in other runs', async () => {
  const asked = { kind: 'broadcast', message: 'a' }
  const changing: Module<any, any> = {
    ...module('says'),
    upon: {
      broadcast(operation: { message: string }) {
        operation.message += '!'
      },
    },
  }
  const of: Target = {
    ...target('says'),
    workload: (_, processes) => processes.map((to) => ({ client: 'c1', to, at: 0, operation: asked })),
    system: { module: changing, below: {} },
  }
  const { verdict, because } = await check(of, { runs: 20, reports: false })
  expect(verdict).toBe('error')
  expect(because).toContain(
    'list: expected that a request stays as it was made, but that of p1 was {"kind":"broadcast","message":"a"} and has become',
  )
})

test('who reverses the list of processes does so to nobody else', async () => {
  const reversed = (processes: readonly string[]) => (processes as string[]).reverse()
  const handling: Module<any, any> = {
    ...module('says'),
    upon: {
      broadcast(_o, _s, me) {
        reversed(me.processes)
        me.sendAll({ kind: 'told' })
      },
    },
    receive: { told: (_m: unknown, _s: unknown, me: any) => me.indicate({ kind: 'list', list: me.processes }) },
  }
  const Order = safety<readonly List[]>('Order', 'Who has not reversed the list has it in order.', function* (lists) {
    for (const { at: p, list } of lists) if (p !== 'p1' && list[0] !== 'p1') yield because`${p} has ${list.join(' ')}`
  })
  const of: Target = {
    ...target('says'),
    specifications: { list: { ...target('says').specifications.list!, properties: [Order] } },
    workload: (_, processes) => [
      { client: 'c1', to: reversed(processes).at(-1)!, at: 0, operation: { kind: 'broadcast', message: 'a' } },
    ],
    system: { module: handling, below: {} },
  }
  const { verdict, because: why, exercised } = await check(of, { runs: 20, reports: false })
  expect(verdict, why).toBe('no violation')
  expect(exercised.list).toBeGreaterThan(20)
})
