/** Options of the library: none is taken for another one in silence. */
import { butNear } from '../kernel/nearest.ts'
import { UsageError } from './names.ts'

type Sense = readonly [is: string, fits: (value: any) => boolean]

/** What each option may be. */
export type Sensible<Options> = { readonly [O in keyof Options]-?: Sense }

export const isText = (value: unknown): boolean => typeof value === 'string'
export const whole = (least: number) => (n: unknown) => Number.isSafeInteger(n) && (n as number) >= least
export const trueOrFalse: Sense = ['true or false', (value: unknown) => typeof value === 'boolean']
export const someProperties: Sense = [
  'a list of properties',
  (names: unknown) => Array.isArray(names) && names.length > 0,
]

export function demandSense<Options extends object>(
  doing: string,
  options: Options,
  sensible: Sensible<Options>,
  besides: readonly string[] = [],
): void {
  if (typeof options !== 'object' || options === null)
    throw new UsageError(`${doing}: expected a record of options, came ${JSON.stringify(options)}. Correct it.`)
  const names = [...Object.keys(sensible), ...besides]
  for (const option of Object.keys(options))
    if (!names.includes(option))
      throw new UsageError(
        `${doing} with ${option}: there is no such option${butNear(option, names)}. There are ${names.join(', ')}.`,
      )
  for (const [option, [is, fits]] of Object.entries<Sense>(sensible)) {
    const value: unknown = options[option as keyof Options]
    if (value !== undefined && !fits(value))
      throw new UsageError(
        `${doing} with ${option}: expected ${is}, came ${typeof value === 'number' ? value : JSON.stringify(value)}. Correct it.`,
      )
  }
}
