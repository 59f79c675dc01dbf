/**
 * JUnit XML, as CI servers read it: a suite for each target, with a case for each property and each earlier
 * counterexample. What is neither violated nor judged to its end is an `error`, because the command fails with it too.
 */
import { exitCode, nameOf } from '../kernel/verdict.ts'
import { type Earlier, isOpen, isRelapse, isUnread } from '../library/check.ts'
import { renderCounterexample } from '../report/index.ts'
import type { Checked } from './check.ts'

interface Case {
  readonly name: string
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped'
  /** One line, and everything. */
  readonly message: string
  readonly text: string
}

export function junit(done: readonly Checked[]): string {
  const suites = done.map((checked) => ({ checked, cases: casesOf(checked) }))
  const all = suites.flatMap(({ cases }) => cases)
  const seconds = (of: readonly Checked[]) => of.reduce((sum, { result }) => sum + result.milliseconds, 0) / 1000
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="onecopy"${counts(all)} time="${seconds(done)}">`,
    ...suites.flatMap(({ checked, cases }) => [
      `  <testsuite name="${escaped(checked.name)}"${counts(cases)} time="${seconds([checked])}">`,
      '    <properties>',
      `      <property name="seed" value="${checked.result.seed}"/>`,
      `      <property name="runs" value="${checked.result.runs}"/>`,
      '    </properties>',
      ...cases.map((one) => inXml(one, checked.name)),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

function counts(cases: readonly Case[]): string {
  const of = (outcome: Case['outcome']) => cases.filter((one) => one.outcome === outcome).length
  return ` tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`
}

function casesOf({ result, file }: Checked): readonly Case[] {
  const { earlier, properties, verdict, because = '', shown } = result
  const page = shown === undefined ? '' : renderCounterexample(shown, file === undefined ? {} : { file })
  const judged = properties.map(({ specification, name, verdict: one, because: reason = because }): Case => {
    const violated = one === 'violated'
    // What a campaign has not come to, because something else is violated, is neither right nor wrong.
    const otherwise = verdict === 'violated' ? 'skipped' : 'error'
    const outcome = violated ? 'failure' : exitCode[one] === 0 ? 'passed' : otherwise
    return { name: `${specification}: ${name}`, outcome, message: `${one}: ${reason}`, text: violated ? page : reason }
  })
  // A verdict that no property has is that of the campaign.
  const whole: Case[] =
    exitCode[verdict] === 0 || [...judged].some(({ outcome }) => outcome !== 'passed') || earlier.some(isRelapse)
      ? []
      : [{ name: 'campaign', outcome: 'error', message: `${verdict}: ${because}`, text: because }]
  return [...earlier.map(caseOfEarlier), ...judged, ...whole]
}

function caseOfEarlier(earlier: Earlier): Case {
  const { file, property, replay, shown, unasked } = earlier
  const outcome = isRelapse(earlier)
    ? 'failure'
    : isUnread(earlier)
      ? 'error'
      : isOpen(earlier) || unasked
        ? 'skipped'
        : 'passed'
  const other = replay.answer === 'another property' ? `: ${nameOf(replay.finding)}` : ''
  return {
    name: `${property}, earlier counterexample ${file}`,
    outcome,
    message: `${replay.answer}${other}${unasked ? ', which was not asked for' : ''}`,
    text:
      replay.answer === 'malformed' ? replay.because : shown === undefined ? '' : renderCounterexample(shown, { file }),
  }
}

function inXml({ name, outcome, message, text }: Case, target: string): string {
  const head = `    <testcase classname="${escaped(target)}" name="${escaped(name)}"`
  if (outcome === 'passed') return `${head}/>`
  return `${head}>\n      <${outcome} message="${escaped(message)}">${content(text)}</${outcome}>\n    </testcase>`
}

/** XML 1.0 has no way to write most control characters, so they go. */
const content = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll(/[&<>"]/g, (character) => entities[character]!)

/** As the value of an attribute, in which a line break would become a blank. */
const escaped = (text: string): string => content(text).replaceAll(/[\n\r\t]/g, (character) => entities[character]!)

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}
