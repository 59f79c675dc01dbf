/**
 * Replicated objects: named functions over a finite set of variables.
 *
 * F. Schneider. Implementing Fault-Tolerant Services Using the State Machine
 * Approach: A Tutorial. ACM Computing Surveys 22(4), 1990, §1; and for what
 * passive replication sends instead of requests, N. Budhiraja, K. Marzullo,
 * F. Schneider and S. Toueg. The Primary-Backup Approach. In: Distributed
 * Systems, 2nd edition, 1993.
 *
 * A function reads and writes variables, draws random numbers and looks at the
 * clock through what it is handed. So its read set, its state update and
 * whether it is deterministic are observed and not declared.
 */
import { inWords } from './language.ts'
import { copied, frozen, impurity, type Plain, same } from './values.ts'

// ── Interface ────────────────────────────────────────────────────────────────

/** A type and no interface, so that it counts as plain data wherever that is asked for. */
export type Call = {
  readonly function: string
  readonly arguments: readonly Plain[]
}

/** A value for each variable. A state is never changed; an update gives the next one. */
export type State = { readonly [variable: string]: Plain }

/** The new values of those variables that a call has written. */
export type Update = State

/** The variables as a function sees them, with what it has written so far. */
export interface Variables {
  readonly names: readonly string[]
  get<T extends Plain = Plain>(name: string): T
  set(name: string, value: Plain): void
}

/** What differs from replica to replica. */
export interface Chance {
  /** At least 0 and less than 1. */
  random(): number
  now(): number
}

/** What a parameter accepts, and how it is called when something else comes. */
export interface Parameter<T extends Plain = any> {
  readonly says: string
  readonly fits: (value: Plain) => value is T
}

export interface ObjectFunction {
  readonly parameters: readonly Parameter[]
  readonly body: (variables: Variables, args: any, chance: Chance) => Plain | void
  /**
   * The variables that a call with these arguments may read or write at most; without it, all of them. A function that says
   * this may not ask which variables there are.
   */
  readonly touches?: ((args: any) => readonly string[]) | undefined
}

export interface ReplicatedObject {
  readonly name: string
  /** The variables, with the values that they have in the beginning. */
  readonly variables: State
  readonly functions: { readonly [name: string]: ObjectFunction }
}

/** What a call does in a state. */
export interface Outcome {
  readonly value: Plain
  /** The variables of the state that were read, in this order. */
  readonly reads: readonly string[]
  /** The state update of passive replication. */
  readonly writes: Update
  /** What chance has supplied, in this order. A function that asks for nothing is deterministic. */
  readonly choices: readonly number[]
}

// ── Writing an object ────────────────────────────────────────────────────────

type Fitting<P extends readonly Parameter[]> = { readonly [I in keyof P]: P[I] extends Parameter<infer T> ? T : never }

/** A function of an object; its body is handed the arguments only if they fit. */
export const define = <const P extends readonly Parameter[]>(
  parameters: P,
  body: (variables: Variables, args: Fitting<P>, chance: Chance) => Plain | void,
  touches?: (args: Fitting<P>) => readonly string[],
): ObjectFunction => ({ parameters, body, touches })

export const anything: Parameter<Plain> = { says: 'anything', fits: (_): _ is Plain => true }
export const text: Parameter<string> = { says: 'a text', fits: (value) => typeof value === 'string' }
export const natural: Parameter<number> = {
  says: 'a natural number',
  fits: (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0,
}
export const oneOf = <const T extends string>(names: readonly T[]): Parameter<T> => ({
  says: names.join(' or '),
  fits: (value): value is T => names.includes(value as T),
})

/** Reads every variable, so that whatever has become of them is seen by a client in the end. */
export const snapshot = define([], (variables) => {
  const values: Record<string, Plain> = {}
  for (const name of variables.names) values[name] = variables.get(name)
  return values
})

/** An object breaks the rules of this file: no fault of the replicas, whatever they do. */
export class ObjectFailure extends Error {
  override readonly name = 'ObjectFailure'
}

/** A state lacks a variable of the object. Whoever has kept it has lost that, and the object is not to blame. */
export class StateFailure extends Error {
  override readonly name = 'StateFailure'
}

/** A function asks for a choice that is not supplied, so that its outcome is open. */
export class OpenChoice extends Error {
  override readonly name = 'OpenChoice'
}

// ── Executing a call ─────────────────────────────────────────────────────────

const nothing: Update = Object.freeze({})
const none: readonly never[] = Object.freeze([])

class Access implements Variables {
  readonly reads: string[] = []
  writes = nothing as Record<string, Plain>
  /** Whether it was asked which variables there are, which is to use them all. */
  named = false
  private readonly object: ReplicatedObject
  private readonly state: State

  constructor(object: ReplicatedObject, state: State) {
    this.object = object
    this.state = state
  }

  get names(): readonly string[] {
    this.named = true
    return Object.keys(this.state)
  }

  /** The value is frozen: a function that changed it in place would write without being seen. */
  get<T extends Plain>(name: string): T {
    if (this.writes !== nothing && Object.hasOwn(this.writes, name)) return this.writes[name] as T
    this.know(name)
    if (!this.reads.includes(name)) this.reads.push(name)
    return frozen(this.state[name] as T)
  }

  set(name: string, value: Plain): void {
    this.know(name)
    if (this.writes === nothing) this.writes = {}
    this.writes[name] = frozen(copied(value))
  }

  private know(name: string): void {
    // What is written there would be lost: it is no field like others.
    if (name === '__proto__') throw new ObjectFailure('a variable cannot be called __proto__')
    if (Object.hasOwn(this.state, name)) return
    if (Object.hasOwn(this.object.variables, name)) throw new StateFailure(`the state lacks the variable ${name}`)
    throw new ObjectFailure(`there is no variable ${name} among ${Object.keys(this.state).join(', ')}`)
  }
}

/** Remembers what chance supplies. */
class Choices implements Chance {
  made = none as readonly number[] as number[]
  /** It was asked for what it has not, whatever the function makes of that. */
  open: OpenChoice | undefined
  private readonly chance: Chance | undefined

  constructor(chance: Chance | undefined) {
    this.chance = chance
  }

  random(): number {
    return this.make(() => this.chance?.random())
  }

  now(): number {
    return this.make(() => this.chance?.now())
  }

  private make(supply: () => number | undefined): number {
    let choice: number | undefined
    try {
      choice = supply()
      if (choice === undefined) throw new OpenChoice('a function asks for a choice that nobody supplies')
    } catch (error) {
      if (error instanceof OpenChoice) this.open ??= error
      throw error
    }
    if (this.made.length === 0) this.made = []
    this.made.push(choice)
    return choice
  }
}

/** Supplies these choices once more, as when a follower repeats what the leader has drawn. */
export const again = (choices: readonly number[] = none): Chance => {
  let next = 0
  const supply = () => {
    const choice = choices[next++]
    if (choice === undefined) throw new OpenChoice(`a function asks for choice ${next} of ${choices.length}`)
    return choice
  }
  return { random: supply, now: supply }
}

/** What a client is told that asks for what cannot be: it is plain data like every reply, and the same at every replica. */
export const refusal = (error: string): { readonly error: string } => ({ error })
export const isRefusal = (reply: Plain): boolean =>
  reply instanceof Object && typeof (reply as { error?: unknown }).error === 'string' && Object.keys(reply).length === 1

/**
 * Executes a call in a state. A request that the object does not know, arguments that do not fit and a function that
 * throws have no effect; the reply is the error. One that changes in place what it was handed is no function of an object.
 */
export function execute(object: ReplicatedObject, state: State, call: Call, chance?: Chance): Outcome {
  const outcome = perform(object, state, call, chance)
  const { value, writes } = outcome
  demandPlain(object, call, 'a reply', value)
  if (writes !== nothing) for (const name in writes) demandPlain(object, call, `a value of ${name}`, writes[name])
  // A copy: what the object keeps a hold of it could change afterwards, and nobody would see that it was another.
  outcome.value = copied(value)
  return outcome
}

/** What comes of a call, before anybody has looked whether it is plain data. */
function perform(
  object: ReplicatedObject,
  state: State,
  call: Call,
  chance?: Chance,
): { -readonly [K in keyof Outcome]: Outcome[K] } {
  const called = functionOf(object, call)
  if (typeof called === 'string') return { value: refusal(called), reads: none, writes: nothing, choices: none }
  const variables = new Access(object, state)
  const choices = new Choices(chance)
  let value: unknown
  let writes: Update
  try {
    value = called.body(variables, frozen(call.arguments), choices) ?? null
    writes = variables.writes
  } catch (thrown) {
    for (const Failure of [ObjectFailure, StateFailure])
      if (thrown instanceof Failure) throw new Failure(`${object.name}.${callInWords(call)}: ${thrown.message}`)
    if (isChangeOfFrozen(thrown))
      throw new ObjectFailure(
        `${object.name}.${callInWords(call)} changes in place what it was handed, or a constant of its own: ${thrown.message}. Nobody would see that as a write: \`set\` a copy that is changed`,
      )
    value = refusal(thrown instanceof Error ? thrown.message : String(thrown))
    writes = nothing
  }
  if (choices.open !== undefined) throw choices.open
  const allowed = touchedBy(object, called, call)
  if (allowed !== undefined) demandTouched(object, call, allowed, variables, writes)
  return { value: value as Plain, reads: variables.reads, writes, choices: choices.made }
}

/**
 * A function has tried to change what is frozen, in the words of V8. As a refusal all replicas would agree on it, and so
 * would the judge. Nobody can tell whether that was a constant of its own: it may have kept what it was handed.
 */
const isChangeOfFrozen = (thrown: unknown): thrown is TypeError =>
  thrown instanceof TypeError &&
  /^Cannot assign to read only property '|^Cannot delete property '|^Cannot redefine property: | is not extensible$/.test(
    thrown.message,
  )

/** The function that is called, or why there is none for such a call. */
function functionOf(object: ReplicatedObject, call: Call): ObjectFunction | string {
  const { name, functions } = object
  if (!Object.hasOwn(functions, call.function)) return `${name} has no function ${call.function}`
  const called = functions[call.function]!
  const { parameters } = called
  const { arguments: args } = call
  try {
    if (args.length === parameters.length && parameters.every(({ fits }, i) => fits(args[i]!))) return called
  } catch (thrown) {
    throw misdeclared(object, call, 'fits', thrown)
  }
  return `${call.function} expects (${parameters.map(({ says }) => says).join(', ')}), not (${args.map(inWords).join(', ')})`
}

/** Why an object refuses a call in whatever state it is; nothing if it does not. */
export function misfit(object: ReplicatedObject, call: Call): string | undefined {
  const called = functionOf(object, call)
  return typeof called === 'string' ? called : undefined
}

/** What a function declares of itself must not throw, unlike its body: there is no reply that would say so. */
const misdeclared = ({ name }: ReplicatedObject, call: Call, part: string, thrown: unknown): ObjectFailure =>
  new ObjectFailure(`${name}.${callInWords(call)}: \`${part}\` throws ${String(thrown)}`)

/** The variables that a function says it touches at most, if it does. */
function touchedBy(object: ReplicatedObject, { touches }: ObjectFunction, call: Call): readonly string[] | undefined {
  if (touches === undefined) return undefined
  let names: unknown
  try {
    names = touches(call.arguments)
  } catch (thrown) {
    throw misdeclared(object, call, 'touches', thrown)
  }
  if (Array.isArray(names)) return names
  throw new ObjectFailure(
    `${object.name}.${callInWords(call)}: \`touches\` answers ${inWords(names)}, which is no list of variables`,
  )
}

function demandTouched(
  { name }: ReplicatedObject,
  call: Call,
  allowed: readonly string[],
  { named, reads }: Access,
  writes: Update,
): void {
  // Where an object is judged in parts, the answer would be the names of a part.
  if (named)
    throw new ObjectFailure(
      `${name}.${callInWords(call)} asks which variables there are, but says that it touches ${allowed} only`,
    )
  const isStray = (variable: string) => !allowed.includes(variable)
  const stray = reads.find(isStray) ?? Object.keys(writes).find(isStray)
  if (stray !== undefined)
    throw new ObjectFailure(`${name}.${callInWords(call)} uses ${stray}, but says that it touches ${allowed} only`)
}

function demandPlain({ name }: ReplicatedObject, call: Call, what: string, value: unknown): void {
  const found = impurity(value)
  if (found !== undefined)
    throw new ObjectFailure(`${name}.${callInWords(call)}: ${found}, and ${what} must be plain data`)
}

/** The state after an update. */
export const updated = (state: State, writes: Update): State => {
  for (const _ in writes) return { ...state, ...writes }
  return state
}

/** The variables that a call may read or write: none if it is refused, all if its function does not say. */
export function touched(object: ReplicatedObject, call: Call): readonly string[] {
  const called = functionOf(object, call)
  return typeof called === 'string' ? none : (touchedBy(object, called, call) ?? Object.keys(object.variables))
}

/**
 * What shows that an object keeps state outside of its variables: the same call, in the same state, with the same
 * choices, has another outcome. Replicas that diverge for this reason are not to blame.
 */
export function hiddenState(
  object: ReplicatedObject,
  state: State,
  call: Call,
  choices?: readonly number[],
  once: Outcome = execute(object, state, call, again(choices)),
): string | undefined {
  const twice = perform(object, state, call, again(choices))
  const differs = (x: Plain, y: Plain, what: string, of: string) => {
    if (same(x, y)) return undefined
    demandPlain(object, call, what, y)
    return `${callInWords(call)} in state ${inWords(state)} ${of} ${inWords(x)} and then, with all the same, ${inWords(y)}`
  }
  return (
    differs(once.value, twice.value, 'a reply', 'gives') ?? differs(once.writes, twice.writes, 'an update', 'writes')
  )
}

/** A call as sentences show it: `write(v1)`. */
export const callInWords = ({ function: name, arguments: args }: Call): string =>
  `${name}(${args.map(inWords).join(', ')})`
