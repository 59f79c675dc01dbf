/** Asks a property. It may be anybody's: what goes wrong in it is no failure of the code under test, nor of the judge. */
import { type History, inWords, type Property, type Specification, type Violation } from '../../spec/language.ts'
import { ObjectFailure } from '../../spec/object.ts'
import { AdapterFailure } from './host.ts'
import { copyOfPlain } from './plain.ts'

/** Why a history violates a property of this specification. */
export function* violationsOf(
  specification: Specification,
  property: Property<any>,
  history: History,
): Iterable<Violation> {
  try {
    yield* reasonsIn(property.violations(runOf(specification, history)), 'a run')
  } catch (error) {
    throw unreadable(specification, property, error)
  }
}

/** Something was answered that nobody can go through. */
class NoReasons extends Error {}

/** What a claim has answered about what it was to go through. */
export function reasonsIn(answer: unknown, through: 'a run' | 'the states'): Iterable<Violation> {
  // A text is gone through as well, one character after the other.
  if (typeof answer === 'object' && answer !== null && Symbol.iterator in answer) return answer as Iterable<Violation>
  throw new NoReasons(
    `to go through ${through} and yield a reason for each violation, but its answer is of type ${typeOf(answer)}. Make it a generator: function* (${through.split(' ')[1]}) { … yield because\`…\` }`,
  )
}

/** Why nobody can tell whether a history satisfies it, if nobody can. */
export function doubtOf(specification: Specification, property: Property<any>, history: History): string | undefined {
  if (property.undecided === undefined) return undefined
  try {
    return property.undecided(runOf(specification, history))
  } catch (error) {
    throw unreadable(specification, property, error)
  }
}

/**
 * Read for each property, and a copy: a run may be something that can be gone through once, and who sorts or changes what
 * he is shown does it to nobody else.
 */
const runOf = ({ read }: Specification, { processes, correct, events, ...rest }: History): unknown =>
  read({ ...rest, processes: [...processes], correct: new Set(correct), events: events.map(copyOfPlain) })

function unreadable({ name }: Specification, property: Property<any>, error: unknown): Error {
  if (error instanceof AdapterFailure || error instanceof ObjectFailure) return error
  if (error instanceof NoReasons)
    return new AdapterFailure(`judging ${name}: expected its property ${property.name} ${error.message}`)
  return new AdapterFailure(
    `judging ${name}: expected its property ${property.name} to go through what has happened, but it, or \`read\` of the specification, threw ${error instanceof Error ? error.stack : inWords(error)}`,
    { cause: error },
  )
}

const typeOf = (value: unknown): string => Object.prototype.toString.call(value).slice('[object '.length, -1)
