/** What a specification says as a whole: what it is about, what has to be observed for it, and what it demands. */
import pc from 'picocolors'
import type { Kind, Property, Sort, Specification } from '../../spec/language.ts'
import { page } from './output.ts'

type Said = Pick<Property<unknown>, 'name' | 'says' | 'kind'>

export interface Defined {
  readonly name: string
  readonly source: string
  /** What is said of each kind of action, and what each field of it is. */
  readonly actions: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly properties: readonly Said[]
  readonly variants: readonly Said[]
}

export const definitionOf = ({ name, source, alphabet = {}, properties, variants }: Specification): Defined => ({
  name,
  source,
  actions: Object.fromEntries(
    Object.entries<Readonly<Record<string, Sort>>>(alphabet).map(([kind, fields]) => [
      kind,
      Object.fromEntries(Object.entries(fields).map(([field, { says }]) => [field, says])),
    ]),
  ),
  properties: properties.map(said),
  variants: variants.map(said),
})

const said = ({ name, says, kind }: Property<unknown>): Said => ({ name, says, kind })

const briefly: Readonly<Record<Kind, string>> = {
  safety: 'safety',
  deferred: 'deferred safety',
  liveness: 'liveness',
}

const isPromise = ({ kind }: Said): boolean => kind === 'liveness'
const idle = '  None of them is liveness: whoever does nothing satisfies them all. Say by mustSee what has to happen.'

export function definitionInLines({ name, source, actions, properties, variants }: Defined): string {
  const { bold, dim } = pc.createColors(page().colours)
  const block = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', bold(title), ...lines])
  const width = Math.max(...Object.keys(actions).map(({ length }) => length))
  const sentences = (all: readonly Said[]) =>
    all.flatMap(({ name, says, kind }) => [`  ${name} ${dim(`(${briefly[kind]})`)}`, `      ${says}`])
  return [
    bold(name),
    dim(`  ${source}`),
    ...block(
      'What is observed',
      Object.entries(actions).map(([kind, fields]) => {
        const what = Object.entries(fields).map(([field, says]) => `${field}: ${says}`)
        return `  ${kind.padEnd(width)}  ${what.join('; ')}`.trimEnd()
      }),
    ),
    ...block('Properties', [...sentences(properties), ...(properties.some(isPromise) ? [] : [idle])]),
    ...block('Variants, judged when they are asked for by --property', sentences(variants)),
    '',
    dim(`  onecopy explain "${name}: ${(properties[0] ?? variants[0])?.name}" shows the smallest runs of one.`),
  ].join('\n')
}
