/** Asks a property. It may be anybody's: what goes wrong in it is no failure of the code under test, nor of the judge. */
import { type History, inWords, type Property, type Specification, type Violation } from '../../spec/language.ts'
import { ObjectFailure } from '../../spec/object.ts'
import { AdapterFailure } from './host.ts'
import { butNear } from './nearest.ts'
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
function runOf({ read, alphabet }: Specification, { processes, correct, events, ...rest }: History): unknown {
  const copies = events.map(copyOfPlain)
  if (alphabet !== undefined) demandFields(copies, alphabet)
  return read({ ...rest, processes: [...processes], correct: new Set(correct), events: copies })
}

/** What anybody may be asked, as by `JSON.stringify` and `await`. */
const harmless: ReadonlySet<string | symbol> = new Set(['toJSON', 'then'])

/**
 * Whoever reads a field that no action has, as `vlaue`, would compare nothing with nothing, and never find anything. Asked
 * is only what an action does not have itself, so that all others are as fast as before.
 */
function demandFields(events: readonly object[], alphabet: NonNullable<Specification['alphabet']>): void {
  let known: ReadonlySet<string> | undefined
  const fields = () => {
    known ??= new Set(['kind', 'at', ...[...Object.values(alphabet), ...events].flatMap(Object.keys)])
    return known
  }
  const demanding = new Proxy(Object.prototype, {
    get(inherited, field, event) {
      if (typeof field !== 'string' || field in inherited || harmless.has(field) || fields().has(field))
        return Reflect.get(inherited, field, event)
      throw new UnknownField(field, [...fields()])
    },
  })
  for (const event of events) Object.setPrototypeOf(event, demanding)
}

/** A field was read that no action has. */
class UnknownField extends Error {
  constructor(field: string, known: readonly string[]) {
    super(
      `to read what actions say, which is ${known.join(', ')}, but it, or \`read\` of the specification, read ${field}, which none has${butNear(field, known)}. Correct the name; what an action need not have is asked for with \`in\`.`,
    )
  }
}

function unreadable({ name }: Specification, property: Property<any>, error: unknown): Error {
  if (error instanceof AdapterFailure || error instanceof ObjectFailure) return error
  if (error instanceof NoReasons || error instanceof UnknownField)
    return new AdapterFailure(`judging ${name}: expected its property ${property.name} ${error.message}`)
  return new AdapterFailure(
    `judging ${name}: expected its property ${property.name} to go through what has happened, but it, or \`read\` of the specification, threw ${error instanceof Error ? error.stack : inWords(error)}`,
    { cause: error },
  )
}

const typeOf = (value: unknown): string => Object.prototype.toString.call(value).slice('[object '.length, -1)
