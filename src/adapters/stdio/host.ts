/** A host whose processes are child processes, one for each. */
import type { Process } from '../../../spec/language.ts'
import { AdapterFailure, type Host, type Input, type Sink, TargetFailure } from '../../kernel/host.ts'
import { printable } from '../../kernel/plain.ts'
import { Child, type Program, Silence } from './child.ts'
import {
  type Answer,
  type Effect,
  helloLine,
  inexact,
  inputLine,
  perform,
  protocol,
  readAnswer,
  readWelcome,
  resetLine,
  version,
} from './protocol.ts'

/** How far a program is trusted to forget. */
export interface Trust {
  /**
   * When a program is killed and started again: `never` while it behaves, so that `reset` and `start` have to make it
   * fresh; for each `crash`; or for each `run` as well. The latter two cost the start of a program each time.
   */
  readonly respawn?: 'never' | 'crash' | 'run'
}

const seeTheProtocol = 'docs/stdio.md has the protocol'

export class StdioHost implements Host {
  private readonly program: Program & Trust
  private readonly seats = new Map<Process, Seat>()
  private processes: readonly Process[] = []
  private clients: readonly Process[] = []
  private seed = 0
  private hurried = false

  constructor(program: Program & Trust) {
    this.program = program
  }

  async reset(processes: readonly Process[], seed: number, clients: readonly Process[] = []): Promise<void> {
    this.processes = processes
    this.clients = clients
    this.seed = seed
    for (const seat of this.seats.values()) seat.state = undefined
    await Promise.all(
      processes.map((at) => {
        const seat = this.seats.get(at)
        if (seat !== undefined && seat.failure === undefined && this.program.respawn !== 'run')
          return seat.ready.then(() => seat.reset(processes, seed, clients))
        seat?.child.kill()
        return this.seat(at)
      }),
    )
  }

  /** A new child at the place of this process. */
  private seat(at: Process): Promise<void> {
    const seat = new Seat(at, this.program, () => this.hurried)
    // Who has crashed holds what it held until it starts again.
    seat.state = this.seats.get(at)?.state
    this.seats.set(at, seat)
    const { processes, seed, clients } = this
    seat.ready = seat.greet().then(() => seat.reset(processes, seed, clients))
    return seat.ready
  }

  activate(at: Process, input: Input, out: Sink): Promise<void> {
    const seat = this.seats.get(at)
    if (seat === undefined) throw new AdapterFailure(`${at} is activated before it has been reset`)
    // A child that replaces a crashed one may still be starting up.
    if (input.kind === 'start') return seat.ready.then(() => seat.activate(input, out))
    return seat.activate(input, out)
  }

  show(at: Process): Readonly<Record<string, unknown>> | undefined {
    return this.seats.get(at)?.state
  }

  crash(at: Process): void {
    // Otherwise `start` makes the program forget what is not on its disk, as at the beginning of a run.
    if ((this.program.respawn ?? 'never') === 'never') return
    this.seats.get(at)?.child.kill()
    // It starts up while the others go on; whether that fails is of interest once it is spoken to.
    this.seat(at).catch(() => {})
  }

  hurry(hurried: boolean): void {
    this.hurried = hurried
  }

  async close(): Promise<void> {
    const seats = [...this.seats.values()]
    this.seats.clear()
    await Promise.all(seats.map(({ child }) => child.close()))
  }
}

/** The child that plays one process: what it is told, what it must answer, and what is said when it does not. */
class Seat {
  readonly child: Child
  /** Its program has started up and knows of the run; after a crash others are spoken to in the meantime. */
  ready: Promise<void> = Promise.resolve()
  /** Why it can be used no more. */
  failure: TargetFailure | AdapterFailure | undefined = undefined
  /** What it has shown last in this run, if it shows its state. */
  state: Answer['state']
  private shows = false
  /** It has been activated since it started up. */
  private used = false
  /** It is told of a run after another one: what comes may belong to that one, of which everything has been judged. */
  private between = false
  private readonly at: Process
  private readonly program: Program
  private readonly hurried: () => boolean
  /** All that there are in the run, itself included. */
  private everybody: readonly Process[] = []
  /** Lines told since the reset. */
  private line = 0

  constructor(at: Process, program: Program, hurried: () => boolean) {
    this.at = at
    this.program = program
    this.hurried = hurried
    this.child = new Child(program)
  }

  /** Until a program has said that it speaks this protocol, whatever goes wrong is no fault of the code under test. */
  async greet(): Promise<void> {
    const expected = `{"protocol":"${protocol}","version":${version}}`
    const fail = (came: string, advice: string) => this.fail(AdapterFailure, 'in the handshake', expected, came, advice)
    let line: string
    try {
      line = await this.child.ask(helloLine)
    } catch (silence) {
      if (silence instanceof Silence) throw fail(silence.message, silence.advice)
      throw silence
    }
    const read = readWelcome(line)
    if ('wrong' in read)
      throw fail(
        `got ${quote(line)}: ${read.wrong}`,
        `A program answers the first line with who it is, and keeps its standard output for answers; ${seeTheProtocol}`,
      )
    this.shows = read.value.state === true
  }

  /**
   * A program that fails here fails in a legal run, but nothing has been activated yet that the failure could be laid
   * to: it is kept for the `start` that follows. Unless it was used before: then the run that follows has nothing to do
   * with it, and would not show it again.
   */
  async reset(processes: readonly Process[], seed: number, clients: readonly Process[]): Promise<void> {
    this.everybody = [...processes, ...clients]
    this.line = 0
    this.between = this.used
    try {
      const { effects } = await this.tell(0, resetLine(this.at, processes, seed))
      if (effects.length > 0)
        throw this.fail(
          this.between ? AdapterFailure : TargetFailure,
          'at line 0, `reset`',
          'no effects',
          `got ${quote(JSON.stringify(effects))}`,
          'A process does nothing before its `start`',
        )
      this.child.forget()
    } catch (error) {
      if (!(error instanceof TargetFailure)) throw error
    }
    this.between = false
  }

  activate(input: Input, out: Sink): Promise<void> {
    const line = ++this.line
    this.used = true
    // Looking at the clock makes all that follows depend on it.
    const text = inputLine(line, this.shows ? undefined : out.now, input)
    return this.tell(line, text).then(({ effects, state }) => {
      if (this.shows !== (state !== undefined)) throw this.veiled(line, text)
      this.check(line, text, effects)
      this.state = state
      perform(effects, out)
      const last = effects.at(-1)
      if (last?.do === 'fail') throw new TargetFailure(`${this.at} throws ${last.error}`)
    })
  }

  private async tell(number: number, line: string): Promise<Answer> {
    if (this.failure !== undefined) throw this.failure
    let answer: string
    try {
      // What follows another run may have to tidy up after it, and is tried again by nobody.
      answer = await this.child.ask(line, this.hurried() && !this.between)
    } catch (silence) {
      if (!(silence instanceof Silence)) throw silence
      throw this.breach(number, line, silence.message, silence.advice)
    }
    const read = readAnswer(answer)
    if ('wrong' in read)
      throw this.breach(
        number,
        line,
        `got ${quote(answer)}: ${read.wrong}`,
        `Standard output is for answers only, and each is one line; ${seeTheProtocol}`,
      )
    const long = inexact(answer)
    // JSON has such numbers, and the program may be right.
    if (long !== undefined)
      throw this.fail(
        AdapterFailure,
        `at line ${number}, ${quote(line)}`,
        'numbers that a double holds',
        `got ${long} in ${quote(answer)}`,
        'Whoever is told it would be told another number: make it a string',
      )
    if (read.value.line !== number)
      throw this.breach(
        number,
        line,
        `got ${read.value.line < number ? 'another answer' : 'an answer'} to line ${read.value.line}: ${quote(answer)}`,
        'A program answers each line once, before it reads the next',
      )
    return read.value
  }

  /** What only the host can know to be wrong. Nothing of such an answer is performed. */
  private check(number: number, line: string, effects: readonly Effect[]): void {
    for (const [i, effect] of effects.entries()) {
      let wrong: string | undefined
      if (effect.do === 'send' && effect.to === this.at)
        wrong = `effects.${i}.to: it sends to itself; what a process tells itself it handles within the same line`
      else if (effect.do === 'send' && !this.everybody.includes(effect.to))
        wrong = `effects.${i}.to: there is no process ${effect.to} among ${this.everybody.join(', ')}`
      else if (effect.do === 'ask')
        wrong = `effects.${i}.service: there is no service ${effect.service} under a program over stdio`
      else if (effect.do === 'fail' && i < effects.length - 1) wrong = `effects.${i}: nothing comes after \`fail\``
      if (wrong !== undefined)
        throw this.breach(number, line, `got ${quote(JSON.stringify(effect))}: ${wrong}`, seeTheProtocol)
    }
  }

  /** It shows its state although it has not said so, or does not although it has. */
  private veiled(number: number, line: string): Error {
    return this.shows
      ? this.breach(
          number,
          line,
          'got an answer without `state`',
          'A program that shows its state does so in every answer',
        )
      : this.breach(
          number,
          line,
          'got an answer with `state`',
          `A program that shows its state says so in its first line: {"protocol":"${protocol}","version":${version},"state":true}`,
        )
  }

  private breach(number: number, line: string, came: string, advice: string): Error {
    const expected = `{"line":${number},"effects":[…]}`
    if (this.between)
      return this.fail(
        AdapterFailure,
        `after its last answer in a run, when it was told of the next one by ${quote(line)}`,
        expected,
        came,
        `${advice}. Nothing that follows an answer is part of the run: do it before, or not at all`,
      )
    return this.fail(TargetFailure, `at line ${number}, ${quote(line)}`, expected, came, advice)
  }

  private fail(
    kind: typeof TargetFailure | typeof AdapterFailure,
    doing: string,
    expected: string,
    came: string,
    advice: string,
  ): Error {
    const { command, args = [] } = this.program
    const { lastWords } = this.child
    this.child.kill()
    const message = `${this.at} (${shorten([command, ...args].join(' ').replace(/\s+/g, ' '), 80)}) ${doing}: expected ${expected}, but ${came}. ${advice}.`
    const aside =
      lastWords === '' ? undefined : `\nIts last words on standard error:\n${lastWords.replace(/^/gm, '  ')}`
    this.failure =
      kind === TargetFailure ? new TargetFailure(message, { aside }) : new AdapterFailure(message + (aside ?? ''))
    return this.failure
  }
}

const shorten = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…` : text)
const quote = (line: string): string => `\`${printable(shorten(line, 200))}\``
