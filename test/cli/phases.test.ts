/** `onecopy phases`, and the pictures of docs/phases.md: UPDATE=1 draws them again. */
import { existsSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { techniques } from '../../spec/techniques.ts'
import { answering } from '../../src/cli/one-request.ts'
import { targets } from '../../src/library/registry.ts'
import { chartAsSvg, chartOf, renderChart } from '../../src/report/index.ts'
import { folders } from '../support/folders.ts'
import { onecopy } from './onecopy.ts'

const folder = folders()
const known = (name: string) => targets.find((target) => target.name === name)
const drawn = techniques.map(({ name }) => name).filter((name) => known(name) !== undefined)

describe('docs/phases.md', () => {
  const pictures = drawn.flatMap((name) => [
    [name, `${name}/ideal`, false] as const,
    [`${name}-crash`, `${name}/ideal`, true] as const,
    [`${name}-stack`, name, false] as const,
  ])

  test.for(pictures)('has the picture %s', async ([picture, name, crash]) => {
    const ran = await answering({ target: known(name)!, name }, { crash, seed: 1 })
    expect(ran.violated).toBeUndefined()
    const svg = chartAsSvg(chartOf(ran.trace, ran))
    const file = `docs/phases/${picture}.svg`
    if (process.env.UPDATE) writeFileSync(file, svg)
    expect(readFileSync(file, 'utf8'), 'to draw it again, run this test with UPDATE=1').toBe(svg)
    expect(readFileSync('docs/phases.md', 'utf8')).toContain(`](phases/${picture}.svg)`)
  })
})

test('a crash ends a lane, and colours change nothing but the colour', async () => {
  const ran = await answering({ target: known('active/ideal')!, name: 'active/ideal' }, { crash: true, seed: 1 })
  const chart = chartOf(ran.trace, ran)
  const plain = renderChart(chart, false)
  expect(plain).toBe(`     0   1     20  21      22         23
c1   RE╌╌╌╌╌╌╌╌RE╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌END
p1       RE ✗
p2                 RE SC────┤ EX END
p3                         SC EX

RE   request                 p1 and p2
SC   server coordination     p2 and p3: atomic broadcast of the request
EX   execution               p2 and p3
END  response                p2
`)
  const coloured = renderChart(chart, true)
  expect(coloured).not.toBe(plain)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of.
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '').replaceAll(/ +$/gm, '')).toBe(plain)
})

describe.concurrent('one technique', () => {
  test('is drawn, and written as SVG', async () => {
    const file = join(folder(), 'active.svg')
    const { code, stdout } = await onecopy(['phases', 'active/ideal', '--svg', file])
    expect(stdout).toBe(`active/ideal, 3 replicas: RE SC EX END

     0   1       2          3
c1   RE╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌END
p1       RE SC────┤ EX END
p2               SC EX
p3               SC EX

RE   request                 p1
SC   server coordination     p1, p2 and p3: atomic broadcast of the request
EX   execution               p1, p2 and p3
END  response                p1

2 messages, 3 steps of communication from the request to the response
`)
    expect(code).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(readFileSync('docs/phases/active.svg', 'utf8'))
  })

  test('is drawn with a crash, and as JSON', async () => {
    const { stdout } = await onecopy(['phases', 'passive/ideal', '--crash', '--processes', '2', '--json'])
    const { technique, replicas, entries, outage, violated } = JSON.parse(stdout)
    expect({ technique, replicas, outage, violated }).toEqual({
      technique: 'passive',
      replicas: ['p1', 'p2'],
      outage: 22,
      violated: undefined,
    })
    const phases = entries.map(
      ({ kind, at, time }: { kind: string; at: string; time: number }) => `${time} ${kind} ${at}`,
    )
    expect([...new Set(phases)]).toEqual(['1 RE p1', '21 RE p2', '21 EX p2', '21 AC p2', '22 AC p2', '22 END p2'])
  })

  test('whose response waits for a heartbeat has no number of steps', async () => {
    const { code, stdout } = await onecopy(['phases', 'active/raft'])
    expect(stdout).toContain(
      'at least 7 messages, – steps of communication: the response does not follow from the request',
    )
    expect(code).toBe(0)
  })

  test('that breaks the law is 1', async () => {
    const { code, stdout } = await onecopy(['phases', 'active/ideal/replies-at-receipt'])
    expect(stdout).toContain(
      'violates Functional Model: Coordination Before Response: p1 enters END of c1#1, but neither SC nor AC of it is complete there',
    )
    expect(code).toBe(1)
  })
})

describe.concurrent('all techniques', () => {
  test('are compared, as a table and as JSON', async () => {
    const [table, json] = await Promise.all([onecopy(['phases']), onecopy(['phases', '--json'])])
    const rows = JSON.parse(json.stdout).techniques as {
      name: string
      measured: { target: string; messages: number; steps: number; outage: number }[]
    }[]
    expect(rows.map(({ name }) => name)).toEqual(techniques.map(({ name }) => name))
    for (const { name, measured } of rows) {
      expect(measured.map(({ target }) => target)).toEqual(drawn.includes(name) ? [name, `${name}/ideal`] : [])
      for (const { messages, steps, outage } of measured)
        for (const n of [messages, steps, outage]) expect(n).toBeGreaterThan(0)
      const [whole, ideal] = measured
      const figures = whole && ideal && `${whole.messages} / ${ideal.messages}`
      expect(table.stdout).toMatch(new RegExp(`^${name} .* ${figures ?? '–'} `, 'm'))
    }
    expect([table.code, json.code]).toEqual([0, 0])
  })
})

describe.concurrent('a picture', () => {
  const draw = (file: string, ...under: string[]) => onecopy(['phases', 'active/ideal', '--svg', file], { under })

  test('that cannot be written is an error, and is still printed', async () => {
    const { code, stdout, stderr } = await draw('package.json/active.svg')
    expect(stderr).toMatch(
      /^onecopy: writing package.json\/active.svg: expected a folder .* Choose another with --svg.\n$/,
    )
    expect(stdout).toContain('RE SC EX END')
    expect(code).toBe(4)
  })

  test('for which there is no room leaves an older one whole', async () => {
    const out = folder()
    const file = join(out, 'active.svg')
    writeFileSync(file, 'older')
    const { code, stderr } = await draw(file, 'sh', '-c', 'ulimit -f 1; exec "$@"', 'sh')
    expect(stderr).toContain('came EFBIG')
    expect(readdirSync(out)).toEqual(['active.svg'])
    expect(readFileSync(file, 'utf8')).toBe('older')
    expect(code).toBe(4)
  })

  test.skipIf(!existsSync('/proc/self/fd/1'))('can be written to standard output, which is not replaced', async () => {
    const place = folder()
    const link = join(place, 'stdout')
    symlinkSync('/proc/self/fd/1', link)
    const { code, stdout } = await draw(link, 'sh', '-c', '"$@" | cat', 'sh')
    expect(stdout).toMatch(/^<svg[\s\S]*<\/svg>\s+active\/ideal, 3 replicas/)
    expect(code).toBe(0)
    const file = join(place, 'all')
    expect((await draw(link, 'sh', '-c', `exec "$@" >${file}`, 'sh')).code).toBe(0)
    expect(readlinkSync(link)).toBe('/proc/self/fd/1')
    expect(readFileSync(file, 'utf8')).toContain('</svg>')
  })
})

describe.concurrent('what cannot be drawn', () => {
  test.for([
    ['a technique without a protocol', ['certification'], 'there is no reference protocol of certification'],
    ['an unknown name', ['pasive'], 'there is no target pasive; the nearest is passive.'],
    ['no replicated service', ['synod'], 'synod goes through no phases that are known'],
    [
      'a crash that is not tolerated',
      ['active', '--crash', '--processes', '2'],
      'active with 2 processes tolerates no crash.',
    ],
    ['a crash of no technique', ['--crash'], 'expected its name behind `onecopy phases`'],
  ] as const)('%s', async ([, args, message]) => {
    const { code, stdout, stderr } = await onecopy(['phases', ...args])
    expect(stderr).toContain(message)
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
  })
})
