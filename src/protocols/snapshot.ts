/** Snapshots as they are sent from a donor to a joiner: a header, and part after part. */
import type { Incarnation } from '../../spec/integration.ts'
import type { Process } from '../../spec/language.ts'
import { hash } from '../kernel/random.ts'
import type { Part } from './group.ts'

/** What is snapshotted: no two objects, and no two ways to write one down, have the same. */
export interface Format {
  readonly object: string
  readonly version: number
}

/** Which snapshot this is, and how to tell whether it is whole. */
export interface Header extends Format {
  /** Of whose join it holds the state. */
  readonly joiner: Process
  readonly incarnation: Incarnation
  readonly parts: number
  readonly digest: number
}

export type Chunk = Header | Part
export type Snapshot = readonly [Header, ...Part[]]

const digestOf = (parts: readonly Part[]): number => hash(JSON.stringify(parts))

export const snapshotOf = (
  format: Format,
  joiner: Process,
  incarnation: Incarnation,
  parts: readonly Part[],
): Snapshot => [{ ...format, joiner, incarnation, parts: parts.length, digest: digestOf(parts) }, ...parts]

/** Why chunks are not those, or not all of those, that are waited for; `of`: how many the donor says there are. */
export function misfit(
  [header, ...parts]: readonly Chunk[],
  of: number,
  { object, version }: Format,
  joiner: Process,
  incarnation: Incarnation,
): string | undefined {
  const { object: theirs, version: written, joiner: whose, incarnation: which, parts: all, digest } = header as Header
  if (theirs !== object) return `a snapshot of a ${theirs}; expected one of a ${object}`
  if (written !== version) return `a snapshot in version ${written}; expected version ${version}`
  if (whose !== joiner || which !== incarnation)
    return `a snapshot for ${whose} as its incarnation ${which}; expected one for ${joiner} as its incarnation ${incarnation}`
  if (parts.length + 1 < of) return undefined
  if (parts.length !== all) return `a snapshot of ${parts.length} parts; expected the ${all} of its header`
  if (digestOf(parts as Part[]) !== digest) return 'a snapshot whose parts are not those that its header is of'
  return undefined
}
