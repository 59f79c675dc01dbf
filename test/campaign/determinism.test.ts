/** What is said of a run that does not repeat. */
import { expect, test } from 'vitest'
import { notDeterministic } from '../../src/campaign/determinism.ts'
import type { Labs } from '../../src/campaign/index.ts'
import type { TraceEvent } from '../../src/kernel/trace.ts'

const labs = { target: { name: 'dice' } } as Labs
const event = (time: number, kind: string): TraceEvent => ({
  activation: time,
  time,
  at: 'p1',
  incarnation: 0,
  what: { kind: 'observation', layer: 'rb', action: { kind } },
})
const said = (first: readonly TraceEvent[], second: readonly TraceEvent[]): string =>
  notDeterministic(labs, 3, first, second).message

test('names the first difference', () => {
  expect(said([event(1, 'deliver')], [event(1, 'broadcast')])).toMatch(
    /^run 3 of dice was repeated and is not deterministic: first difference at activation 1, at p1\. Expected .*"deliver"\}\}, came .*"broadcast"\}\}\. Look for/,
  )
})

test('shows of what is long the part that differs', () => {
  const log = (last: string) => event(1, `${'entry, '.repeat(100)}${last}`)
  expect(said([log('one')], [log('two')])).toMatch(/Expected ….*entry, one"\}\}, came ….*entry, two"\}\}\. Look for/)
})

test('shows of a failure what came, and below what the program has said of it', () => {
  const told = 'is told something, '.repeat(30)
  const aside = '\nIts last words:\n  no memory'
  const action = { kind: 'throw', error: `p1 ${told}but it exited with code 7.`, aside }
  const fails: TraceEvent = { ...event(1, 'throw'), what: { kind: 'observation', layer: 'process', action } }
  expect(said([event(1, 'deliver')], [fails])).toMatch(
    /"deliver"\}\}, came p1 .*, but it exited with code 7\. Look for .* a reset\.\nIts last words:\n {2}no memory$/,
  )
})

test('says when, if the same happens at another time', () => {
  expect(said([event(1, 'deliver')], [event(2, 'deliver')])).toMatch(
    /Expected .* at tick 1, came .* at tick 2\. Look for/,
  )
})

test('says which of the two has ended before', () => {
  const [one, two] = [[event(1, 'deliver')], [event(1, 'deliver'), event(2, 'deliver')]] as const
  expect(said(one, two)).toMatch(/at activation 2, at p1\. Expected the end of the run, came \{/)
  expect(said(two, one)).toMatch(/at activation 2, at p1\. Expected \{.*, came the end of the run\. Look for/)
})

test('says what it violated once, if it is the same twice without that', () => {
  const same = [event(1, 'deliver')]
  expect(said(same, same)).toMatch(/^run 3 of dice violated something when it was made, and was repeated twice/)
  const finding = { specification: 'Spoken', property: 'Silence', layer: 'rb' }
  expect(notDeterministic(labs, 3, same, same, finding).message).toContain('violated Spoken: Silence when it was made')
})
