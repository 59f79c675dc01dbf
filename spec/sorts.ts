/** Sorts: what the fields of observations may be. Two of them are those of the parameters of objects. */
import type { Sort } from './language.ts'
import { natural, text } from './object.ts'

export { natural, text }

const isAtom = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null
const isSequence = (value: unknown): boolean => isAtom(value) || (Array.isArray(value) && value.every(isSequence))

/** What is told apart by what it is called: messages, of which a record with the same fields would be another one. */
export const atom: Sort = { says: 'a text or a number', fits: isAtom }
export const atoms: Sort = { says: 'a text, a number or a list of them', fits: isSequence }
/** A set of processes: none is listed twice. */
export const names: Sort = {
  says: 'a list of different texts',
  fits: (value) => Array.isArray(value) && value.every(text.fits) && new Set(value).size === value.length,
}
/** Plain data, which may be `null`: what is left out says nothing. */
export const something: Sort = { says: 'plain data', fits: (value) => value !== undefined }
export const list: Sort = { says: 'a list of plain data', fits: Array.isArray }
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const values: Sort = { says: 'a record of plain data', fits: isRecord }
export const perhaps = ({ says, fits }: Sort): Sort => ({
  says: `${says}, or nothing`,
  fits: (value) => value === undefined || fits(value),
})
/** A record with these fields. */
export function record(fields: Readonly<Record<string, Sort>>): Sort {
  const parts = Object.entries(fields)
  return {
    says: `{ ${parts.map(([field, { says }]) => `${field}: ${says}`).join(', ')} }`,
    fits: (value) => isRecord(value) && parts.every(([field, { fits }]) => fits(value[field])),
  }
}
export const call: Sort = record({ function: text, arguments: list })
