/** `onecopy join`, and the plots of docs/integration.md: UPDATE=1 draws them again. */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lineChartAsSvg } from '../../src/report/index.ts'
import { folders } from '../support/folders.ts'
import { onecopy } from './onecopy.ts'

const folder = folders()

describe.concurrent('a join is measured', () => {
  test('for each design, as a table and a plot', async () => {
    const out = join(folder(), 'plots')
    const { code, stdout } = await onecopy(['join', 'passive', '--variables', '20,10', '--out', out])
    expect(stdout).toMatch(/^ +design +variables +wait before +wait during/)
    for (const design of ['online', 'log catch-up', 'stop-and-copy']) expect(stdout).toContain(design)
    expect(stdout).toContain(`plotted: ${join(out, 'join-passive.svg')}`)
    const svg = readFileSync(join(out, 'join-passive.svg'), 'utf8')
    expect(svg.match(/<polyline/g)).toHaveLength(9)
    expect(code).toBe(0)
  })

  test('as JSON, with a crash of the donor', async () => {
    const out = folder()
    const args = ['join', 'active', '--variables', '10', '--crash', '--json', '--out', out]
    const { code, stdout } = await onecopy(args)
    const { joins, files } = JSON.parse(stdout)
    expect(joins).toHaveLength(3)
    expect(joins[0]).toEqual({
      technique: 'active',
      design: 'online',
      variables: 10,
      crash: true,
      history: 200,
      before: expect.any(Number),
      during: expect.any(Number),
      answered: expect.any(Number),
      stopped: 0,
      catchUp: expect.any(Number),
      bytes: expect.any(Number),
    })
    expect(files.every(existsSync)).toBe(true)
    expect(code).toBe(0)
  })

  test('and is not lost where no plot can be written', async () => {
    const args = ['join', 'active', '--variables', '5', '--out', '/dev/null/plots']
    const { code, stdout, stderr } = await onecopy(args)
    expect(stderr).toContain('expected a folder with room that can be written to, came ')
    expect(stdout).toContain('stop-and-copy')
    expect(stdout).not.toContain('plotted')
    expect(code).toBe(4)
  })

  test.for([
    [['semi-active'], 'there is no technique semi-active whose replicas join: expected one of active, passive.'],
    [['--variables', '10,x'], 'Expected sizes such as 10 or 10,1000.'],
  ] as const)('%s is wrong usage', async ([args, message]) => {
    const { code, stderr } = await onecopy(['join', ...args])
    expect(stderr).toContain(message)
    expect(code).toBe(64)
  })
})

test('a chart has a line for each series, on scales of powers of ten', () => {
  const svg = lineChartAsSvg('t', 'x', [
    { title: 'a < b', series: [{ name: 'one', points: [[10, 1] as const, [1000, 100] as const] }] },
  ])
  expect(svg).toContain('a &lt; b')
  expect(svg).toContain('<polyline points="62,260 362,40"')
})

test.skipIf(!process.env.UPDATE)('the plots of docs/integration.md', { timeout: 600_000 }, async () => {
  const out = folder()
  await onecopy(['join', '--out', out])
  mkdirSync('docs/integration', { recursive: true })
  for (const name of ['join-active.svg', 'join-passive.svg']) copyFileSync(join(out, name), `docs/integration/${name}`)
})
