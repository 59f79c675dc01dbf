/** The other end for programs in JavaScript: a host of one process, spoken to over standard input and output. */
import { readSync, writeSync } from 'node:fs'
import type { Process } from '../../../spec/language.ts'
import { type Host, type Input, type Sink, TargetFailure } from '../../kernel/host.ts'
import type { Ticks } from '../../kernel/module.ts'
import { type Effect, protocol, version } from './protocol.ts'

type Line =
  | { readonly kind: 'hello' }
  | {
      readonly line: number
      readonly kind: 'reset'
      readonly self: Process
      readonly processes: readonly Process[]
      readonly seed: number
    }
  | ({ readonly line: number; readonly now?: Ticks } & Input)

/**
 * Plays the process that the judge says it is, until standard input ends.
 *
 * Reading blocks: between two lines a program in lock-step has nothing to do, and a round trip takes half the time of
 * one through the event loop.
 */
export async function serve(host: Host): Promise<void> {
  // Standard output belongs to the protocol.
  console.log = console.info = console.debug = console.error
  const out = new Effects()
  let self = ''
  for (const text of lines()) {
    const input: Line = JSON.parse(text)
    if (input.kind === 'hello') {
      write({ protocol, version })
      continue
    }
    out.effects = []
    if (input.kind === 'reset') {
      self = input.self
      await host.reset(input.processes, input.seed)
    } else {
      out.now = input.now ?? 0
      try {
        const done = host.activate(self, revive(input), out)
        if (done !== undefined) await done
      } catch (error) {
        if (!(error instanceof TargetFailure)) throw error
        out.effects.push({ do: 'fail', error: error.message.replace(`${self} throws `, '') })
      }
    }
    write({ line: input.line, effects: out.effects })
  }
  await host.close?.()
}

/** In JSON a disk is an object. */
function revive(input: Input): Input {
  if (input.kind !== 'start' || input.stable === undefined) return input
  return { ...input, stable: new Map(Object.entries(input.stable)) }
}

/** Collects what a process does. */
class Effects implements Sink {
  effects: Effect[] = []
  now: Ticks = 0

  // `JSON.stringify` leaves out what is undefined, as the protocol leaves out what is absent.
  private add(effect: { readonly [field: string]: unknown }): void {
    this.effects.push(effect as Effect)
  }

  send: Sink['send'] = (to, layer, message, instance) => this.add({ do: 'send', to, layer, message, instance })
  timer: Sink['timer'] = (layer, timer, delay, background, instance) =>
    this.add({ do: 'timer', layer, timer, delay, background: background || undefined, instance })
  cancel: Sink['cancel'] = (layer, timer, instance) => this.add({ do: 'cancel', layer, timer, instance })
  store: Sink['store'] = (key, value, ticket) => this.add({ do: 'store', key, value, ticket })
  sync: Sink['sync'] = () => this.add({ do: 'sync' })
  ask: Sink['ask'] = (service, action, instance) => this.add({ do: 'ask', service, action, instance })
  observe: Sink['observe'] = (layer, action, instance) => this.add({ do: 'observe', layer, action, instance })
}

function* lines(): Iterable<string> {
  const decoder = new TextDecoder()
  const chunk = Buffer.allocUnsafe(65_536)
  let text = ''
  for (;;) {
    const length = read(chunk)
    if (length === 0) return
    text += decoder.decode(chunk.subarray(0, length), { stream: true })
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      yield text.slice(0, end)
      text = text.slice(end + 1)
    }
  }
}

function read(chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(0, chunk)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      // Somebody has made standard input non-blocking.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

function write(answer: unknown): void {
  const bytes = Buffer.from(`${JSON.stringify(answer)}\n`)
  for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written)
}
