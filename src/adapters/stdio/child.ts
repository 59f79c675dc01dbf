/** One child process that is asked lines and answers lines, one at a time. It knows nothing of what they mean. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads'
import { printable } from '../../kernel/plain.ts'
import { settleOnOneCore } from './core.ts'

/** How a program is started. */
export interface Program {
  readonly command: string
  readonly args?: readonly string[]
  readonly cwd?: string
  /** Added to the environment of the parent. */
  readonly env?: Readonly<Record<string, string>>
  /**
   * Milliseconds of real time after which a program that has not answered is said to hang, be it while it starts up; default
   * 10,000. What it has to wait for a processor does not count where that can be seen, on Linux.
   */
  readonly timeout?: number
  /** Whether what the program writes to standard error is only kept for messages, or passed on as well. */
  readonly stderr?: 'keep' | 'pass'
}

/** Why there is no answer, and what to do about it. */
export class Silence extends Error {
  override readonly name = 'Silence'
  readonly advice: string

  constructor(came: string, advice: string) {
    super(came)
    this.advice = advice
  }
}

/** An answer may be long, but a program that never ends its line must not fill the memory. */
const longestLine = 16 * 1024 * 1024
/** Of standard error, so much is kept for messages. */
const lastWords = { lines: 24, characters: 8192 }
/** Milliseconds that what a dead program has written has to arrive. */
const grace = 500

/** Milliseconds that a program has that hurries. */
const brief = 250

/** How often a program is looked at in the time that it is granted. */
const looks = 4

interface Question {
  readonly answered: (line: string) => void
  readonly failed: (silence: Silence) => void
}

export class Child {
  private readonly process: ChildProcessWithoutNullStreams
  private readonly program: Program
  private readonly exited: Promise<void>
  private question: Question | undefined = undefined
  /** Received and not yet taken as an answer: a character for each byte. */
  private text = ''
  /** Whether there is a whole line in it. To look for its end in all of a long one whenever a piece comes takes seconds. */
  private whole = false
  private noise = ''
  /** Why no answer will ever come. */
  private death: Silence | undefined = undefined
  /** Runs while a question is open, and only then keeps the parent from exiting. */
  private watchdog: NodeJS.Timeout
  /** Milliseconds that it grants. */
  private granted: number

  constructor(program: Program) {
    this.program = program
    const { command, args = [], cwd, env } = program
    const child = spawning(() =>
      spawn(command, args, {
        ...(cwd === undefined ? {} : { cwd }),
        env: env === undefined ? process.env : { ...process.env, ...env },
        stdio: 'pipe',
        // A group of its own: Ctrl-C is for the judge, and what the program starts in its turn ends with it.
        detached: process.platform !== 'win32',
        windowsHide: true,
      }),
    )
    this.process = child
    this.granted = this.timeout
    this.watchdog = this.watch()
    this.exited = new Promise((resolve) => {
      child.once('exit', () => resolve())
      child.once('error', () => resolve())
    })

    child.stdout.setEncoding('latin1').on('data', (chunk: string) => this.received(chunk))
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => this.heard(chunk))
    // Writing to a dead program fails here; that it is dead is told by `exit`.
    child.stdin.on('error', () => {})
    child.once('error', (error) =>
      this.die(
        `it could not be started (${error.message})`,
        'Check the command, the working directory and that the program is installed',
      ),
    )
    // The last answer and the last words may arrive after the exit; `close` comes after them.
    child.once('close', (code, signal) => this.die(ending(code, signal), 'Its standard error may say why'))
    child.once('exit', (code, signal) => {
      setTimeout(() => this.die(ending(code, signal), 'Its standard error may say why'), grace).unref()
    })
    child.stdout.once('end', () => {
      setTimeout(
        () => this.die('it closed its standard output and goes on running', 'Answers are read from there'),
        grace,
      ).unref()
    })
    for (const handle of [child, child.stdin, child.stdout, child.stderr] as unknown as { unref?(): void }[])
      handle.unref?.()
  }

  private get timeout(): number {
    return this.program.timeout ?? 10_000
  }

  ask(line: string, hurried = false): Promise<string> {
    return new Promise((answered, failed) => {
      this.question = { answered, failed }
      const granted = hurried ? Math.min(brief, this.timeout) : this.timeout
      if (granted === this.granted) this.watchdog.refresh()
      else {
        clearTimeout(this.watchdog)
        this.granted = granted
        this.watchdog = this.watch()
      }
      this.watchdog.ref()
      if (this.death === undefined) this.process.stdin.write(`${line}\n`)
      this.settle()
    })
  }

  /** The last lines on standard error since `forget`. */
  get lastWords(): string {
    return this.noise.trimEnd().replaceAll('\t', '  ').split('\n').slice(-lastWords.lines).join('\n')
  }

  forget(): void {
    this.noise = ''
  }

  /** Kills it and everything it has started. Nothing of it is heard any more. */
  kill(): void {
    this.question = undefined
    this.death ??= new Silence('it was ended', 'Start another one')
    clearTimeout(this.watchdog)
    end(this.process)
    this.process.stdin.destroy()
    this.process.stdout.destroy()
    this.process.stderr.destroy()
  }

  /** Kills it, and waits until it is gone. */
  async close(): Promise<void> {
    this.kill()
    this.process.ref()
    await this.exited
  }

  /** Time in which the program wants to run and is not let is not its silence but that of a machine with more to do. */
  private watch(): NodeJS.Timeout {
    const { granted, timeout } = this
    const glance = granted / looks
    let [watched, silent, had]: [Question | undefined, number, number] = [undefined, 0, 0]
    const look = () => {
      const { question } = this
      // If the parent itself was stopped, the answer may be there and unread: reading comes before the next immediate.
      setImmediate(() => {
        if (question === undefined || this.question !== question) return
        const share = shareOf(this.process.pid)
        if (watched !== question) [watched, silent, had] = [question, 0, share.had - glance]
        silent += share.wanting ? Math.min(glance, share.had - had) : glance
        had = share.had
        if (silent < granted) this.watchdog.refresh()
        else
          this.die(
            `it was silent for ${timeout} ms${this.text === '' ? '' : ` in the middle of a line, which begins with \`${printable(this.text.slice(0, 60))}\``}`,
            'It loops, waits for something that only the judge could give it, does not flush its output or end its line, or needs a longer `timeout`',
          )
      })
    }
    return setTimeout(look, glance).unref()
  }

  private received(chunk: string): void {
    this.text += chunk
    this.whole ||= chunk.includes('\n')
    this.settle()
  }

  /** What came while nothing was asked is taken as the answer to the next question, so that chance does not decide. */
  private settle(): void {
    const { question, text } = this
    if (question === undefined) return
    if (this.whole) {
      const end = text.indexOf('\n')
      this.text = text.slice(end + 1)
      this.whole = this.text.includes('\n')
      this.question = undefined
      this.watchdog.unref()
      const line = decoded(text.slice(0, end))
      if (line === undefined) question.failed(new Silence('its line is not UTF-8', 'An answer is JSON in UTF-8'))
      else question.answered(line)
    } else if (this.death !== undefined) {
      this.question = undefined
      this.watchdog.unref()
      question.failed(this.death)
    } else if (text.length > longestLine)
      this.die(`its line has more than ${longestLine} characters`, 'An answer is one line and ends with a line feed')
  }

  private heard(chunk: string): void {
    this.noise = (this.noise + chunk).slice(-lastWords.characters)
    if (this.program.stderr === 'pass') process.stderr.write(chunk)
  }

  private die(came: string, advice: string): void {
    if (this.death !== undefined) return
    this.death = new Silence(came, advice)
    end(this.process)
    this.settle()
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of these bytes, if they are one. */
function decoded(bytes: string): string | undefined {
  if (/^[\0-\x7f]*$/.test(bytes)) return bytes
  try {
    return decoder.decode(Buffer.from(bytes, 'latin1'))
  } catch {
    return undefined
  }
}

const ending = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`

/**
 * Whether a process wants to go on rather than waits for something, and how many milliseconds of the processor it has
 * had. Only Linux tells; elsewhere whoever is silent is taken to wait.
 */
function shareOf(pid: number | undefined): { readonly wanting: boolean; readonly had: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // What stands before is the name of the program, in which there may be anything.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // In hundredths of a second: user time and system time.
    return { wanting: state === 'R' || state === 'D', had: 10 * (Number(fields[10]) + Number(fields[11])) }
  } catch {
    return { wanting: false, had: 0 }
  }
}

// ── Nobody is left behind ────────────────────────────────────────────────────

const alive = new Set<ChildProcessWithoutNullStreams>()

/** A program whose end has been seen is not killed again: its number may belong to somebody else by now. */
function end(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  if (!endGroup(child.pid)) child.kill('SIGKILL')
}

/** The program that leads it, and whatever that has started; as long as any of these runs, its number is nobody else's. */
function endGroup(leader: number): boolean {
  try {
    return process.platform !== 'win32' && process.kill(-leader, 'SIGKILL')
  } catch {
    return false
  }
}

/**
 * A worker thread that is ended cannot end its children, so their numbers stand where the main thread reads them. It
 * loads a target, and thereby this module, before it starts workers for it.
 */
const shared = 'onecopy: child processes'
const places = 1024
/** The first two cells: whether the main thread is leaving, and how many children are being started right now. */
const leaving = 0
const starting = 1
const register = new Int32Array(
  (getEnvironmentData(shared) as SharedArrayBuffer | undefined) ?? new SharedArrayBuffer(4 * (places + 2)),
)
if (isMainThread) setEnvironmentData(shared, register.buffer)

function enter(pid: number): void {
  for (let i = 2; i < register.length; i++) if (Atomics.compareExchange(register, i, 0, pid) === 0) return
}

function strike(pid: number): void {
  for (let i = 2; i < register.length; i++) Atomics.compareExchange(register, i, pid, 0)
}

/**
 * Starts a child so that it either is known to the main thread before that leaves, or never lives. A worker may be ended
 * between the start of a child and the next line, hence the question before it: whoever asks it too early is waited for.
 */
function spawning(start: () => ChildProcessWithoutNullStreams): ChildProcessWithoutNullStreams {
  Atomics.add(register, starting, 1)
  try {
    if (Atomics.load(register, leaving) === 1) throw new Silence('it was not started any more', 'The judge is leaving')
    // The main thread may have other things to do.
    if (!isMainThread) settleOnOneCore()
    const child = start()
    watched(child)
    return child
  } finally {
    Atomics.sub(register, starting, 1)
    Atomics.notify(register, starting)
  }
}

const endAll = (): void => {
  for (const child of alive) end(child)
  if (!isMainThread || process.platform === 'win32') return
  Atomics.store(register, leaving, 1)
  for (let waits = 0; waits < 10 && Atomics.load(register, starting) > 0; waits++)
    Atomics.wait(register, starting, Atomics.load(register, starting), 50)
  for (const pid of register.subarray(2)) if (pid !== 0) endGroup(pid)
}
process.on('exit', endAll)

let guarded = false

/** Keeps in mind that this child has to end with its parent, whether that exits or is told to by a signal. */
function watched(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined) return
  alive.add(child)
  const { pid } = child
  enter(pid)
  child.once('exit', () => {
    // What it has started does not survive it.
    endGroup(pid)
    alive.delete(child)
    strike(pid)
  })
  if (guarded) return
  guarded = true
  if (!isMainThread) return
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const last = () => {
      // Whoever else listens has its own way to end; then `exit` does the rest.
      if (process.listenerCount(signal) > 1) return
      endAll()
      process.off(signal, last)
      process.kill(process.pid, signal)
    }
    process.on(signal, last)
  }
}
