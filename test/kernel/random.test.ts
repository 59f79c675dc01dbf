import { describe, expect, test } from 'vitest'
import { hash, mix, Random } from '../../src/kernel/random.ts'

const stream = (...keys: number[]): number[] => {
  const random = new Random(...keys)
  return Array.from({ length: 8 }, () => random.bits())
}

describe('a stream depends on its keys alone', () => {
  test('the same keys give the same stream', () => {
    expect(stream(1, 2, 3)).toEqual(stream(1, 2, 3))
  })

  test('another key, another order or another number of keys gives another stream', () => {
    const streams = [
      stream(),
      stream(0),
      stream(1),
      stream(1, 2),
      stream(2, 1),
      stream(1, 2, 0),
      stream(-1),
      stream(2 ** 32),
      stream(2 ** 33),
      stream(1 + 2 ** 32),
    ]
    expect(new Set(streams.map(String)).size).toBe(streams.length)
  })

  test('a stream can be started again', () => {
    const random = new Random(7)
    const first = [random.bits(), random.bits()]
    random.seed(7)
    expect([random.bits(), random.bits()]).toEqual(first)
  })
})

describe('every version of Node draws these numbers', () => {
  test('mix and hash', () => {
    expect([mix(), mix(0), mix(1, 2, 3), mix(-1), hash(''), hash('p1'), hash('p1>p2 synod.accept#3')]).toEqual([
      2654435769, 822192327, 3053600446, 3651021923, 2166136261, 2689521274, 1039539021,
    ])
  })

  test('bits', () => {
    expect(stream(1, 2).slice(0, 4)).toEqual([1454147315, 3305743736, 219407434, 258702161])
  })

  test('and what is made of them', () => {
    const random = new Random(1, 2)
    expect([
      random.real(),
      random.below(10),
      random.between(3, 7),
      random.chance(0.5),
      random.pick(['a', 'b', 'c']),
      random.sample([1, 2, 3, 4, 5], 3),
    ]).toEqual([0.3385700553189963, 7, 3, true, 'a', [4, 1, 3]])
  })
})

describe('a draw stays in its range', () => {
  const draws = <T>(draw: (random: Random) => T): Set<T> => {
    const random = new Random(42)
    return new Set(Array.from({ length: 500 }, () => draw(random)))
  }

  test('and takes each value of it', () => {
    expect([...draws((random) => random.below(3))].toSorted()).toEqual([0, 1, 2])
    expect([...draws((random) => random.between(-1, 1))].toSorted()).toEqual([-1, 0, 1])
    expect([...draws((random) => random.chance(0.5))].toSorted()).toEqual([false, true])
    expect([...draws((random) => random.pick(['a', 'b']))].toSorted()).toEqual(['a', 'b'])
  })

  test('what is certain happens, what is impossible does not', () => {
    expect(draws((random) => random.chance(0))).toEqual(new Set([false]))
    expect(draws((random) => random.chance(1))).toEqual(new Set([true]))
  })

  test('a sample is of different elements, as many as there are at most, and leaves the list alone', () => {
    const list = [1, 2, 3]
    for (const sample of draws((random) => random.sample(list, 2))) {
      expect(new Set(sample).size).toBe(2)
      expect(list).toEqual(expect.arrayContaining(sample))
    }
    expect(new Random(1).sample(list, 5).toSorted()).toEqual([1, 2, 3])
    expect(list).toEqual([1, 2, 3])
  })
})
