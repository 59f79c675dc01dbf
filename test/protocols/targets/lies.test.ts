/** What can be lied is what the object may give in some state, and never what is true. */
import { describe, expect, test } from 'vitest'
import type { Plain } from '../../../spec/values.ts'
import { lies } from '../../../src/protocols/targets/lies.ts'
import { accounts, cell, hire, line, log, lots, map } from '../../../src/protocols/targets/services.ts'

const services = { accounts, cell, hire, line, log, lots, map }
type Name = keyof typeof services

const values = (replies: readonly object[]): readonly Plain[] => replies.map((reply) => (reply as any).value)
const instead = (of: Name, value: Plain) =>
  values(lies(services[of]).send({ kind: 'reply', request: 'c1#1', value } as never))
const answers = (of: Name, name: string) =>
  values(
    lies(services[of]).receive({ kind: 'request', request: 'c1#1', call: { function: name, arguments: [] } } as never),
  )

describe('a lie', () => {
  for (const name of Object.keys(services) as Name[])
    test(`of a ${services[name].object.name} is one of many values, each once, and the same every time`, () => {
      const all = answers(name, 'snapshot')
      expect(all.length).toBeGreaterThan(5)
      expect(new Set(all.map((value) => JSON.stringify(value))).size).toBe(all.length)
      expect(answers(name, 'snapshot')).toEqual(all)
      for (const truth of all) {
        expect(instead(name, truth)).toHaveLength(all.length - 1)
        expect(instead(name, truth)).not.toContainEqual(truth)
      }
    })

  test('is at first what the same function gives', () => {
    expect(answers('map', 'compare-and-set').slice(0, 2).sort()).toEqual([false, true])
    expect(instead('map', false)[0]).toBe(true)
    expect(answers('map', 'get')[0]).toBe('0')
    expect(answers('map', 'snapshot')[0]).toEqual({ x: '0', y: '0' })
  })

  test('has the same number, whether or not what is true is known', () => {
    const all = answers('map', 'get')
    for (const [i, truth] of all.slice(0, 4).entries())
      for (const [j, other] of instead('map', truth).entries()) if (j !== i) expect(other).toEqual(all[j])
  })

  test('answers for a value that was never seen, too', () => {
    expect(instead('map', 'never')).toHaveLength(answers('map', 'get').length)
  })

  test('is about a request or a reply, and answers the request', () => {
    const { send, receive } = lies(map)
    const request = { kind: 'request', request: 'c2#7', call: { function: 'get', arguments: ['x'] } }
    expect(send(request as never)).toEqual([])
    expect(receive({ kind: 'reply', request: 'c2#7', value: '0' } as never)).toEqual([])
    for (const reply of receive(request as never)) expect(reply).toMatchObject({ kind: 'reply', request: 'c2#7' })
  })
})
