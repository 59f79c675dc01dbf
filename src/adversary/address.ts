/** Reading addresses. */
import type { Address } from '../kernel/schedule.ts'

/** `p1>p2 synod.accept[1]#3` is the third of its class `p1>p2 synod.accept[1]`. */
export function parse(address: Address): { readonly family: string; readonly nth: number } | undefined {
  const place = address.lastIndexOf('#')
  const nth = Number(address.slice(place + 1))
  return place > 0 && Number.isInteger(nth) && nth > 0 ? { family: address.slice(0, place), nth } : undefined
}
