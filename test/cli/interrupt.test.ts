/** Ctrl-C in the middle: what was found is printed and kept, and nobody is left behind. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { folders } from '../support/folders.ts'
import { alive, mishap, onecopy, root } from './onecopy.ts'

const folder = folders()

/** Interrupts the command once the code under test says that it is ready, and possibly again when that was heard. */
function interrupted(args: readonly string[], { mark = 'none', twice = false } = {}) {
  let signals = 0
  return onecopy(args, {
    env: { MARK: mark },
    heard(text, child) {
      if (signals === 0 && text.includes('ready')) signals += Number(child.kill('SIGINT'))
      if (signals === 1 && twice && text.includes('once more')) signals += Number(child.kill('SIGINT'))
    },
  })
}

describe.concurrent('Ctrl-C', () => {
  test('while exploring: the runs count, what was not checked is named, and it is inconclusive', async () => {
    const { code, stdout, stderr } = await interrupted([
      'check',
      mishap('says-ready'),
      'reliable-broadcast',
      '--time',
      '5m',
      '--json',
    ])
    const { results } = JSON.parse(stdout)
    expect(results).toHaveLength(1)
    expect(results[0]).toMatchObject({ verdict: 'inconclusive', because: `interrupted after ${results[0].runs} runs` })
    expect(results[0].runs).toBeGreaterThan(0)
    expect(stderr).toContain('interrupted: keeping what was found')
    expect(stderr).toContain('interrupted: not checked: reliable-broadcast')
    expect(code).toBe(2)
  })

  test('while shrinking: a counterexample is kept that is not certified', async () => {
    const out = folder()
    const args = ['check', mishap('slow-to-shrink'), '--workers', '1', '--out', out, '--json']
    const { code, stdout } = await interrupted(args)
    const [{ counterexample }] = JSON.parse(stdout).results
    expect(counterexample).toMatchObject({ property: 'Reliable Broadcast: Integrity', minimal: false })
    expect(JSON.parse(readFileSync(counterexample.file, 'utf8'))).toMatchObject({ minimal: false })
    expect(code).toBe(1)
  })

  test('twice while shrinking: what was found is told all the same', async () => {
    const args = ['check', mishap('slow-to-shrink'), '--workers', '1', '--out', folder()]
    const { code, stderr } = await interrupted(args, { twice: true })
    expect(stderr).toMatch(
      /slow-to-shrink: left while it was shrunk: run \d+ of seed 1 violates Reliable Broadcast: Integrity\n$/,
    )
    expect(code).toBe(130)
  })

  test('leaves no child process behind, though it does not end with its standard input', async () => {
    const mark = `mark-${process.pid}-once`
    const { code } = await interrupted(['check', mishap('child-stays'), '--time', '5m', '--json'], { mark })
    expect(alive(mark)).toEqual([])
    expect(code).toBe(2)
  })

  test('twice leaves at once, and no child process either', async () => {
    const mark = `mark-${process.pid}-twice`
    const { code } = await interrupted(['check', mishap('child-never'), '--time', '5m'], { mark, twice: true })
    expect(alive(mark)).toEqual([])
    expect(code).toBe(130)
  })

  test('while a run is replayed that never ends', async () => {
    const { code, stderr } = await interrupted(['show', mishap('loops')])
    expect(stderr).toContain('running loops: interrupted before the run ended.')
    expect(code).toBe(2)
  })
})

test('Ctrl-C ends the tour, which visits nobody after that', async () => {
  const tour = spawn(process.execPath, ['--import', 'tsx', 'examples/tour.ts'], { cwd: root })
  let said = ''
  for (const stream of [tour.stdout, tour.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      if (said.length === 0) setTimeout(() => tour.kill('SIGINT'), 1000)
      said += text
    })
  const [code] = await once(tour, 'close')
  expect(
    said.split('interrupted: keeping what was found')[1]!.match(/: inconclusive: interrupted after/g),
  ).toHaveLength(1)
  expect(said).not.toContain('A published library')
  expect(code).toBe(1)
})
