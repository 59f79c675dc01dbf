/** What is said of a target that does something else the second time. */
import { NoHiddenState } from '../../spec/replication.ts'
import { AdapterFailure } from '../kernel/host.ts'
import { equal, firstDifference } from '../kernel/plain.ts'
import { repeatable, type Trace, type TraceEvent } from '../kernel/trace.ts'
import { type Finding, nameOf } from '../kernel/verdict.ts'
import { noCrash } from '../monitors/index.ts'
import type { Labs } from './explore.ts'

/** Where two runs that should be the same part; `finding`: what was violated in the first one. */
export function notDeterministic(
  { target }: Labs,
  run: number,
  first: Trace,
  second: Trace,
  finding?: Finding,
): AdapterFailure {
  // What an object keeps outside of its variables outlives a run as well.
  const hidden =
    finding?.property === NoHiddenState.name
      ? ` ${nameOf(finding)} was violated in it: a function of the object answers otherwise when it is executed again, so it keeps something outside of its variables.`
      : ''
  const place = firstDifference(repeatable(first), repeatable(second))
  if (place === undefined)
    return new AdapterFailure(
      `run ${run} of ${target.name} violated ${finding === undefined ? 'something' : nameOf(finding)} when it was made, and was repeated twice without that, with the same events both times: it is not deterministic. Look for state that outlives a reset: module variables, caches, counters.${hidden}`,
    )
  const [x, y] = [first[place], second[place]]
  const { activation, at } = (x ?? y)!
  // What is the same happens at another time.
  const when = (event: TraceEvent) => (equal(x?.what, y?.what) ? ` at tick ${event.time}` : '')
  const [said, came] = apart(JSON.stringify(x?.what), JSON.stringify(y?.what))
  const show = (event: TraceEvent | undefined, text: string | undefined): string =>
    event === undefined ? 'the end of the run' : `${failureIn(event)?.[0] ?? text}${when(event)}`
  const details = [x, y].flatMap((event) => failureIn(event)?.slice(1) ?? []).map((line) => `\n${line}`)
  return new AdapterFailure(
    `run ${run} of ${target.name} was repeated and is not deterministic: first difference at activation ${activation}, at ${at}. Expected ${show(x, said)}, came ${show(y, came)}. Look for a clock, unseeded randomness, unordered iteration, or state that outlives a reset.${hidden}${details.join('')}`,
  )
}

/** The lines of a failure, which says at its end what came, and below what a program has said of it. */
function failureIn(event: TraceEvent | undefined): readonly string[] | undefined {
  const what = event?.what
  if (what?.kind !== 'observation' || what.layer !== noCrash.layer) return undefined
  const { error, aside = '' } = what.action as { readonly error?: string; readonly aside?: string }
  const [head, ...below] = `${error}${aside}`.split('\n')
  return [head!.replace(/\.$/, ''), ...below]
}

/** Two long texts from shortly before where they part. */
function apart(...texts: readonly (string | undefined)[]): readonly (string | undefined)[] {
  const [a = '', b = ''] = texts
  let same = 0
  while (same < a.length && a[same] === b[same]) same++
  const from = same < 200 ? 0 : same - 100
  return texts.map((text) => text && (from === 0 ? '' : '…') + text.slice(from, from + 300))
}
