/** A corpus of schedules: made of what comes to new abstract states, run first, and made anew. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { eager, total } from '../../examples/own/target.ts'
import { type CheckOptions, type Corpus, check, type Target } from '../../src/index.ts'
import { folders } from '../support/folders.ts'

const folder = folders()
const extend = (target: Target | string, corpus: string, options: CheckOptions = {}) =>
  check(target, { runs: 200, reports: false, corpus, extend: true, ...options })

const read = (file: string): { target: string; runs: { processes: number; seed: number; numbers: number[] }[] } =>
  JSON.parse(readFileSync(file, 'utf8'))

test('holds the runs that were the first to come to an abstract state', async () => {
  const where = join(folder(), 'corpus')
  const { corpus, coverage, runs, verdict } = await extend(total, where)
  const file = join(where, 'sequencer.schedules.json')
  expect({ corpus, runs, verdict }).toEqual({
    corpus: { file, ran: 0, extended: { schedules: coverage!.runs.length, new: coverage!.runs.length } },
    runs: 200,
    verdict: 'no violation',
  })
  expect(coverage!.states).toBeGreaterThanOrEqual(coverage!.runs.length)
  expect(coverage!.runs.length).toBeGreaterThan(3)
  expect(coverage!.runs.length).toBeLessThan(100)
  const kept = read(file)
  expect(kept.target).toBe('sequencer')
  expect(kept.runs.map(({ processes, seed }) => [processes, seed])).toEqual([
    [3, 1],
    [2, 1],
  ])
  expect(kept.runs.flatMap(({ numbers }) => numbers).length).toBe(coverage!.runs.length)
})

test('comes first, and comes to the same states again', async () => {
  const where = folder()
  const { coverage, corpus } = await extend(total, where)
  const again = await extend(total, where, { runs: 0 })
  expect(again).toMatchObject({
    runs: coverage!.runs.length,
    coverage: { states: coverage!.states },
    corpus: { ran: coverage!.runs.length, extended: { schedules: corpus!.extended!.schedules, new: 0 } },
  })
  const plain = await check(total, { runs: 10, reports: false, corpus: where })
  expect(plain.runs).toBe(coverage!.runs.length + 10)
  expect(plain.coverage).toBeUndefined()
  expect(plain.corpus).toEqual({ file: corpus!.file, ran: coverage!.runs.length })
})

test('grows by what another seed comes to, and does not depend on workers', async () => {
  const [one, two] = [folder(), folder()]
  const grow = async (where: string, workers: number) => {
    const first = await extend('reliable-broadcast', where, { workers, runs: 200 })
    const second = await extend('reliable-broadcast', where, { workers, runs: 200, seed: 2 })
    return [first, second].map(({ coverage, corpus }) => ({ coverage, ...corpus, file: '' }))
  }
  const grown = await grow(one, 1)
  expect(await grow(two, 2)).toEqual(grown)
  const [first, second] = grown as unknown as readonly [Required<Corpus>, Required<Corpus>]
  expect(second.extended.schedules).toBe(first.extended.schedules + second.extended.new)
  const files = [one, two].map((where) => readFileSync(join(where, 'reliable-broadcast.schedules.json'), 'utf8'))
  expect(files[0]).toBe(files[1])
})

test('keeps what does not run this time', async () => {
  const where = folder()
  const { corpus } = await extend(total, where)
  const before = read(corpus!.file).runs
  await extend(total, where, { processes: 3, runs: 1 })
  expect(read(corpus!.file).runs.find(({ processes }) => processes === 2)).toEqual(
    before.find(({ processes }) => processes === 2),
  )
})

test('keeps what there was no time for', async () => {
  const where = folder()
  const { corpus } = await extend(total, where)
  const before = readFileSync(corpus!.file, 'utf8')
  const hasty = await extend(total, where, { runs: undefined, time: 0 })
  expect(hasty).toMatchObject({
    runs: 0,
    corpus: { ran: 0, extended: { schedules: corpus!.extended!.schedules, new: 0 } },
  })
  expect(readFileSync(corpus!.file, 'utf8')).toBe(before)
})

test('stays as it was where the campaign has not come to its end', async () => {
  const where = folder()
  const violated = await extend(eager, where, { further: 0 })
  const file = join(where, 'sequencer-eager.schedules.json')
  expect(violated).toMatchObject({
    verdict: 'violated',
    corpus: { file, ran: 0, why: 'the campaign has ended before all of its runs' },
  })
  expect(existsSync(file)).toBe(false)
})

test('finds what an earlier version did not do, and its counterexample is as small as any', async () => {
  const where = folder()
  await extend(total, where)
  const broken = { ...eager, name: total.name }
  const { verdict, corpus, counterexample } = await check(broken, { runs: 0, corpus: where, reports: false })
  expect(corpus!.ran).toBeGreaterThan(0)
  expect(verdict).toBe('violated')
  const without = await check(broken, { runs: 100, reports: false })
  expect(counterexample!.schedule).toEqual(without.counterexample!.schedule)
})

test('is all that a folder has of a target, in however many files', async () => {
  const where = folder()
  const { corpus } = await extend(total, where)
  mkdirSync(join(where, 'nightly'))
  const other = { policy: 'timed', seed: 7, processes: 2, numbers: [3, 4] }
  const file = join(where, 'nightly', 'sequencer.schedules.json')
  writeFileSync(file, JSON.stringify({ format: 'onecopy schedules', version: 1, target: 'sequencer', runs: [other] }))
  const { runs } = await check(total, { runs: 0, reports: false, corpus: where })
  expect(runs).toBe(corpus!.extended!.schedules + 2)
})

test('is said to have run as far as it has', async () => {
  const where = folder()
  const { corpus } = await extend(total, where)
  const { schedules } = corpus!.extended!
  const ran = async (options: CheckOptions) =>
    (await check(total, { runs: 0, reports: false, corpus: where, ...options })).corpus!.ran
  expect(await ran({ runs: undefined, time: 0 })).toBe(0)
  expect((await ran({ shard: { index: 0, of: 2 } })) + (await ran({ shard: { index: 1, of: 2 } }))).toBe(schedules)
})

test('tells which run of which campaign it was that is violated', async () => {
  const where = folder()
  const file = join(where, 'sequencer-eager.schedules.json')
  const plain = await check(eager, { seed: 9, reports: false, further: 0 })
  const { found } = plain.counterexample!
  expect(found.run).toBe(2)
  const keep = (policy: string, numbers: readonly number[]) => {
    const head = { format: 'onecopy schedules', version: 1, target: 'sequencer/eager' }
    writeFileSync(file, JSON.stringify({ ...head, runs: [{ policy, seed: 9, processes: 3, numbers }] }))
  }
  // Every second run has three processes.
  keep('mixed', [1])
  const first = await check(eager, { runs: 0, reports: false, corpus: where, further: 0 })
  expect(first.counterexample!.found).toEqual(found)
  // What comes behind the corpus has the number that it has without one.
  keep('timed', [0])
  const behind = await check(eager, { seed: 9, reports: false, corpus: where, further: 0 })
  expect(behind).toMatchObject({ runs: found.run + 2, counterexample: { found } })
})

test('is of one target: another of the same name has a file of its own', async () => {
  const where = folder()
  const { corpus } = await extend(total, where)
  writeFileSync(corpus!.file, readFileSync(corpus!.file, 'utf8').replace('"sequencer"', '"./other.ts#sequencer2"'))
  const other = await extend(total, where, { runs: 20 })
  expect(other.corpus).toMatchObject({ file: join(where, 'sequencer-2.schedules.json'), ran: 0 })
  expect(read(corpus!.file).target).toBe('./other.ts#sequencer2')
})

test('is of no use beyond the assumptions, where the same numbers are other runs', async () => {
  const where = folder()
  await extend(total, where)
  const { runs, corpus } = await check(total, { runs: 10, corpus: where, beyond: true, reports: false, further: 0 })
  expect(corpus).toBeUndefined()
  expect(runs).toBeLessThanOrEqual(10)
})

describe('is not extended', () => {
  const where = folder()
  test.for([
    ['nowhere', { corpus: undefined }, 'expected a corpus to extend'],
    ['by a shard', { shard: { index: 0, of: 2 } }, 'expected all runs of the campaign, and not a shard of them'],
    ['beyond the assumptions', { beyond: true }, 'expected runs within the assumptions'],
    ['by an enumeration', { policy: 'exhaustive' }, 'expected a policy that draws its runs'],
    ['by a word', { extend: 'yes' as never }, 'checking with extend: expected true or false, came "yes"'],
  ] as const)('%s', async ([, options, message]) => {
    await expect(extend(total, where, options)).rejects.toThrow(message)
  })

  test('where no folder can be made', async () => {
    const file = join(folder(), 'file')
    writeFileSync(file, '')
    await expect(extend(total, join(file, 'corpus'))).rejects.toThrow(
      /^extending the corpus .*: expected a folder, or a place for one, came E/,
    )
  })

  test('where it cannot be written, which is said', async () => {
    const gone = folder()
    const progress = () => {
      rmSync(gone, { recursive: true, force: true })
      writeFileSync(gone, '')
    }
    const { corpus, verdict } = await extend(total, gone, { progress })
    expect(verdict).toBe('no violation')
    expect(corpus!.extended).toBeUndefined()
    expect(corpus!.why).toMatch(/^writing .*sequencer.schedules.json: expected a folder with room .* came E/)
  })
})

describe('a file of schedules says what is wrong with it', () => {
  test.for([
    ['no JSON', 'x', /sequencer.schedules.json: expected JSON, came/],
    ['another format', '{"format": "onecopy counterexample"}', /field format: expected "onecopy schedules"/],
    [
      'an enumeration',
      JSON.stringify({
        format: 'onecopy schedules',
        version: 1,
        target: 'sequencer',
        runs: [{ policy: 'exhaustive', seed: 1, processes: 3, numbers: [0] }],
      }),
      /field runs.0.policy: expected .*"mixed".*, came "exhaustive"/,
    ],
    [
      'more than a number can say',
      '{"format": "onecopy schedules", "version": 1, "target": "sequencer", "runs": [{"policy": "mixed", "seed": 1, "processes": 3, "numbers": [9007199254740993]}]}',
      /field runs.0.numbers.0: expected a whole number, came 9007199254740992/,
    ],
    [
      'a byte order mark, which is no part of it',
      '\ufeff{}',
      /line 1, field format: expected such a field, but it is missing/,
    ],
    [
      'a later version',
      '{"format": "onecopy schedules", "version": 2, "targets": []}',
      /field version: expected version 1 of the format, which is what this onecopy reads, came 2\. Use the onecopy that wrote it/,
    ],
  ] as const)('%s', async ([, text, message]) => {
    const where = folder()
    writeFileSync(join(where, 'sequencer.schedules.json'), text)
    await expect(check(total, { runs: 1, corpus: where })).rejects.toThrow(message)
  })
})
