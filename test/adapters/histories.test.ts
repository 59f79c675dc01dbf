/** Histories that others have recorded, and whose verdicts are known. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { History } from '../../spec/language.ts'
import { type Input, misplaced, operations } from '../../spec/linearizability.ts'
import { keyValue, register } from '../../spec/objects/index.ts'
import type { Output } from '../../spec/replication.ts'
import { forms } from '../../src/adapters/histories/edn.ts'
import {
  HistoryError,
  jepsenHistory,
  keyValueMeanings,
  operations as ownOperations,
  type Recorded,
  registerMeanings,
} from '../../src/adapters/histories/index.ts'
import { checkLinearizability } from '../../src/checkers/linearizability.ts'

const read = (file: string): string => readFileSync(new URL(`../data/histories/${file}`, import.meta.url), 'utf8')

const recorded = read('verdicts.tsv')
  .trim()
  .split('\n')
  .map((line) => line.split('\t') as [file: string, verdict: string])

const etcd = recorded.filter(([file]) => file.startsWith('etcd/'))

/** Whatever is asked for is a key; one that was never written holds the empty text. */
function mapOf({ events }: History<Input | Output>) {
  const keys = events.flatMap((event) => (event.kind === 'invoke' ? [event.call.arguments[0] as string] : []))
  return keyValue([...new Set(keys)], '')
}

const judgement = (file: string, text = read(file)) => {
  if (file.startsWith('etcd/'))
    return checkLinearizability(register, operations(jepsenHistory(text, registerMeanings).events))
  const history = jepsenHistory(text, keyValueMeanings)
  return checkLinearizability(mapOf(history), operations(history.events))
}

describe('recorded histories', () => {
  test('are of both kinds', () => {
    expect(recorded).toHaveLength(65)
    expect(recorded.filter(([, verdict]) => verdict === 'linearizable')).toHaveLength(16)
  })

  test.for(recorded)('%s is %s', ([file, verdict]) => {
    expect(judgement(file).verdict).toBe(verdict)
  })

  test('an operation that has timed out is pending for ever: taken for failed it flips 12 verdicts of 60', () => {
    const flipped = etcd.filter(([file, verdict]) => {
      const { events } = jepsenHistory(read(file), registerMeanings)
      const answered = operations(events).filter(({ answered }) => answered < Infinity)
      return checkLinearizability(register, answered).verdict !== verdict
    })
    expect(flipped).toHaveLength(12)
  })

  test('that are not linearizable are explained', () => {
    const found = [...misplaced(judgement('kv/c10-bad.txt'))].map(({ because }) => because)
    expect(found).toEqual([
      'c8 receives x 9 0 yx 0 0 yx 8 0 y for c8#11 get(0), but after …, c0#1, c8#2, c7#3, c9#14, c0#12, c7#8, c7#9, c7#10 the object is in state {0: x 9 0 yx 0 0 yx 8 0 yx 7 1 yx 0 6 yx 7 6 yx 7 7 y} and gives x 9 0 yx 0 0 yx 8 0 yx 7 1 yx 0 6 yx 7 6 yx 7 7 y, and no other order explains it',
    ])
  })
})

describe('a history of Jepsen', () => {
  const lines = (...of: readonly string[]) => of.join('\n')

  test('is what clients have seen', () => {
    const text = lines(
      'INFO  jepsen.core - starting',
      'INFO  jepsen.util - 0\t:invoke\t:write\t3',
      'INFO  jepsen.util - 1\t:invoke\t:cas\t[3 4]',
      'INFO  jepsen.util - :nemesis\t:info\t:start\t"cut"',
      'INFO  jepsen.util - 0\t:ok\t:write\t3',
      'INFO  jepsen.util - 1\t:fail\t:cas\t[3 4]',
      'INFO  jepsen.util - 0\t:invoke\t:read\tnil',
      'INFO  jepsen.util - 1\t:invoke\t:write\t5',
      'INFO  jepsen.util - 0\t:ok\t:read\t3',
      'INFO  jepsen.util - 1\t:fail\t:write\t5',
      'INFO  jepsen.util - 0\t:invoke\t:write\t6',
      'INFO  jepsen.util - 0\t:info\t:write\t:timed-out',
    )
    const maps = text
      .split('\n')
      .slice(1)
      .map((line) => line.split(' - ')[1]!.split('\t'))
      .map(([process, type, f, value]) => `{:process ${process}, :type ${type}, :f ${f}, :value ${value}}`)
    const expected = {
      processes: ['c0', 'c1'],
      correct: new Set(),
      events: [
        { kind: 'invoke', at: 'c0', request: 'c0#1', call: { function: 'write', arguments: [3] } },
        { kind: 'invoke', at: 'c1', request: 'c1#1', call: { function: 'compare-and-set', arguments: [3, 4] } },
        { kind: 'reply', at: 'c0', request: 'c0#1', value: null },
        { kind: 'reply', at: 'c1', request: 'c1#1', value: false },
        { kind: 'invoke', at: 'c0', request: 'c0#2', call: { function: 'read', arguments: [] } },
        { kind: 'reply', at: 'c0', request: 'c0#2', value: 3 },
        { kind: 'invoke', at: 'c0', request: 'c0#3', call: { function: 'write', arguments: [6] } },
      ],
    }
    expect(jepsenHistory(text, registerMeanings)).toEqual(expected)
    expect(jepsenHistory(lines(...maps), registerMeanings)).toEqual(expected)
    const refused = maps.map((map) => (map.includes(':fail, :f :cas') ? map.replace('}', ', :error :refused}') : map))
    expect(jepsenHistory(lines(...refused), registerMeanings)).toEqual({
      ...expected,
      events: expected.events.filter(({ request }) => request !== 'c1#1'),
    })
    expect(jepsenHistory(`[${maps.join(' ')}]`, registerMeanings)).toEqual(expected)
  })

  test.for<[printed: string, error: unknown]>([
    [':connection-refused', 'connection-refused'],
    ['[:timeout "no answer"]', ['timeout', 'no answer']],
    ["java.net.ConnectException: can't connect (refused", "java.net.ConnectException: can't connect (refused"],
    ['"unfinished', '"unfinished'],
    ['; nothing of EDN\r', '; nothing of EDN'],
  ])('has the error %j behind the value: a comparison that was not made has no answer', ([printed, error]) => {
    const text = (behind: string) =>
      lines(
        'INFO  jepsen.util - 0\t:invoke\t:write\t1',
        'INFO  jepsen.util - 0\t:ok\t:write\t1',
        'INFO  jepsen.util - 1\t:invoke\t:cas\t[1 2]',
        `INFO  jepsen.util - 1\t:fail\t:cas\t[1 2]${behind}`,
      )
    const judged = (behind: string) =>
      checkLinearizability(register, operations(jepsenHistory(text(behind), registerMeanings).events)).verdict
    expect([judged(''), judged(`\t${printed}`)]).toEqual(['not linearizable', 'linearizable'])
    const errors: unknown[] = []
    const cas = { ...registerMeanings.cas!, fail: ({ error }: Recorded) => void errors.push(error) }
    jepsenHistory(text(`\t${printed}`), { ...registerMeanings, cas })
    expect(errors).toEqual([error])
  })

  test('tells values apart that are no numbers of JavaScript', () => {
    const [one, other] = ['1700000000000000001', '1700000000000000002']
    const read = (value: string) =>
      lines(
        `{:process 0 :type :invoke :f :write :value ${one}}`,
        `{:process 0 :type :ok :f :write :value ${one}}`,
        '{:process 1 :type :invoke :f :read}',
        `{:process 1 :type :ok :f :read :value ${value}}`,
      )
    const verdictOf = (text: string) =>
      checkLinearizability(register, operations(jepsenHistory(text, registerMeanings).events)).verdict
    expect([one, `${one}N`, other, `"${one}"`].map((value) => verdictOf(read(value)))).toEqual([
      'linearizable',
      'linearizable',
      'not linearizable',
      'not linearizable',
    ])
  })

  test.for<[what: string, text: string, error: string]>([
    [
      'a process that is no number of JavaScript',
      '{:process 9007199254740993 :type :invoke :f :read}',
      'line 1: expected a process with a number that is exact, came 9007199254740993N',
    ],
    [
      'a comparison with nothing to compare',
      '\n{:process 0 :type :invoke :f :cas :value [1]}',
      'line 2: process 0 does cas, which is compare-and-set(1), but compare-and-set expects (anything, anything), not (1). Judge the history by an object that has it, or by a table',
    ],
    ['nothing', '', 'expected operations of numbered processes, came none'],
    [
      'nobody but the nemesis',
      '{:process :nemesis :type :info :f :start}',
      'expected operations of numbered processes, came none',
    ],
    ['no operations', '\nnot a history', 'line 2: expected an operation with a process, came not'],
    [
      'a log that tells of operations otherwise',
      lines('INFO jepsen.util - 0 :invoke :read nil', 'INFO jepsen.util: 0 :ok :read 7'),
      'line 2: expected an operation as jepsen.util - 3 :ok :read nil, came INFO jepsen.util: 0 :ok :read 7',
    ],
    [
      'a type that there is not',
      '{:process 0 :type :done :f :read}',
      'line 1: process 0 has type done; expected is invoke, ok, fail or info',
    ],
    [
      'a function without a meaning',
      '\n{:process 0 :type :invoke :f :swap}',
      'line 2: process 0 does swap; known are read, write, cas',
    ],
    [
      'an answer to nothing',
      '{:process 0 :type :ok :f :read}',
      'line 1: process 0 completes read, but has invoked nothing',
    ],
    [
      'an answer to something else',
      lines('{:process 0 :type :invoke :f :read}', '{:process 0 :type :ok :f :write}'),
      'line 2: process 0 completes write, but has invoked read',
    ],
    [
      'a process that returns',
      lines(
        '{:process 0 :type :invoke :f :read}',
        '{:process 0 :type :info :f :read}',
        '{:process 0 :type :invoke :f :read}',
      ),
      'line 3: process 0 invokes read, but nobody knows what has become of its read',
    ],
  ])('with %s is refused', ([, text, error]) => {
    expect(() => jepsenHistory(text, registerMeanings, register)).toThrow(error)
  })

  test.for<[what: string, field: string, error: string]>([
    [
      'no key',
      ':value ["x" 1]',
      'line 1: process 0 does put without a key; expected it in a field of its own, as :key "x". Judge',
    ],
    [
      'a key that the object lacks',
      ':key "z" :value 1',
      'line 1: process 0 does put, which is put(z, 1), but put expects (x or y, anything), not (z, 1). Judge the history by an object that has it',
    ],
  ])('with %s fits no map of keys', ([, fields, error]) => {
    const text = lines(`{:process 0 :type :invoke :f :put ${fields}}`, `{:process 0 :type :ok :f :put ${fields}}`)
    const read = () => jepsenHistory(text, keyValueMeanings, keyValue(['x', 'y']))
    expect(read).toThrow(HistoryError)
    expect(read).toThrow(error)
  })

  test('without a key is refused whoever will judge it', () => {
    const text = '{:process 0 :type :invoke :f :get}'
    expect(() => jepsenHistory(text, keyValueMeanings)).toThrow('line 1: process 0 does get without a key')
  })
})

describe('EDN', () => {
  test.for<[text: string, ...values: unknown[]]>([
    ['', ...[]],
    ['nil true false :a :b/c d', null, true, false, 'a', 'b/c', 'd'],
    ['1 -2 +3 4.5 1e3 6N 7.5M', 1, -2, 3, 4.5, 1000, 6, 7.5],
    ['9007199254740991 -9007199254740991N', 9007199254740991, -9007199254740991],
    ['9007199254740993 +9007199254740993N', '9007199254740993N', '9007199254740993N'],
    ['-09007199254740992', '-9007199254740992N'],
    ['0.1 0.10000000000000001 0.10000000000000001M 1e22', 0.1, 0.1, '0.10000000000000001M', 1e22],
    ['123456789012345M 0012345678901234.500M', 123456789012345, 12345678901234.5],
    ['-12345678901234.56M +12345678901234.560M', '-12345678901234.56M', '12345678901234.56M'],
    ['"a\\n\\"b\\" \\u00e9" \\x \\newline', 'a\n"b" é', 'x', 'newline'],
    ['[1 [2,3] (4)] #{5}', [1, [2, 3], [4]], [5]],
    ['#{2 1} #{1 2} #{"b" :a}', [1, 2], [1, 2], ['a', 'b']],
    ['#{#{2 1} {:a 1 :b 2}} #{{:b 2 :a 1} #{1 2}}', ...Array(2).fill([[1, 2], { a: 1, b: 2 }])],
    ['{:a 1, "b" {:c nil}}', { a: 1, b: { c: null } }],
    ['#jepsen.history.Op{:f :read} ; a comment\n#inst "2020"', { f: 'read' }, '2020'],
    ['[1 #_2 #_[3 4] 5] #_6', [1, 5]],
  ])('%s', ([text, ...values]) => {
    expect([...forms(text)].map(({ value }) => value)).toEqual(values)
  })

  test('says on which line a form begins', () => {
    expect([...forms('1\n"a\nb" [\n2] 3')].map(({ line }) => line)).toEqual([1, 2, 3, 4])
  })

  test('says where it ends', () => {
    expect([...forms('1 [2\n3] ; four\n#_5 6')].map(({ end }) => end)).toEqual([1, 7, 20])
  })

  test.for([
    ['[1\n2', "line 1: nothing follows '['"],
    ['\n[1 }', "line 2: '}' closes '[' of line 2"],
    [']', "line 1: ']' closes nothing"],
    ['{:a}', 'line 1: a map has a key without a value'],
    ['1 "a', `line 1: '"a' is no EDN`],
  ] as const)('%j is none', ([text, error]) => {
    expect(() => [...forms(text)]).toThrow(error)
  })
})

describe('the history of a harness of one’s own', () => {
  const invoke = { kind: 'invoke', at: 'c1', request: 'c1#1', call: { function: 'write', arguments: ['a'] } }
  const reply = { kind: 'reply', at: 'c1', request: 'c1#1', value: null }

  test('is what its clients have invoked, and what they have received of it', () => {
    const later = { ...invoke, at: 'c2', request: 'c2#1' }
    expect(ownOperations([invoke, later, reply])).toMatchObject([
      { client: 'c1', request: 'c1#1', call: invoke.call, invoked: 0, answered: 2, value: null },
      { client: 'c2', request: 'c2#1', invoked: 1, answered: Infinity },
    ])
  })

  test.for<[what: string, events: readonly object[], error: string]>([
    ['a kind of another name', [{ ...invoke, kind: 'invok' }], 'event 1 of 1: expected an invoke or a reply, came'],
    ['nobody who says it', [{ ...invoke, at: undefined }], 'event 1 of 1: expected a client, as in `at`, came'],
    ['a reply that says nothing', [invoke, { ...reply, value: undefined }], 'expected `value` to be plain data, came'],
    [
      'a call of other fields',
      [{ ...invoke, call: { name: 'write' } }],
      'event 1 of 1: expected `call` to be { function: a text, arguments: a list of plain data }, came',
    ],
    [
      'a name that is taken',
      [invoke, reply, invoke],
      'event 3 of 3: expected a name that no request before it has, came',
    ],
    [
      'a reply at another client',
      [invoke, { ...reply, at: 'c2' }],
      'event 2 of 2: expected the first reply to a request that this client has invoked, came',
    ],
    ['a second reply', [invoke, reply, reply], 'event 3 of 3: expected the first reply'],
    ['a reply to nothing', [reply], 'event 1 of 1: expected the first reply'],
  ])('with %s is none', ([, events, error]) => {
    expect(() => ownOperations(events as never)).toThrow(HistoryError)
    expect(() => ownOperations(events as never)).toThrow(error)
  })
})
