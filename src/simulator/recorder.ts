/** Writes down a run: its trace, and in which order steps were offered and taken. */
import type { Action } from '../../spec/language.ts'
import type { Input } from '../kernel/host.ts'
import { copy, copyOfPlain, equal, impurity } from '../kernel/plain.ts'
import type { Address, Side } from '../kernel/schedule.ts'
import type { Fate, Trace, TraceEvent } from '../kernel/trace.ts'
import type { Fault, Step } from './step.ts'
import type { Watch } from './watch.ts'
import type { World } from './world.ts'

/** Who is charged with the loss of a message. */
const omissions: Partial<Record<Fate, 'by sender' | 'by receiver' | 'by link'>> = {
  'omitted by sender': 'by sender',
  'omitted by receiver': 'by receiver',
  'omitted by link': 'by link',
}

/** What happened to the steps of a run, in order. */
export type Entry =
  | {
      readonly what: 'offered'
      readonly address: Address
      readonly usual: number
      readonly due: number
      readonly order: number
      readonly fate: Fate
      readonly again: boolean
      /** It comes of a background timer, and keeps no run from rest. */
      readonly background: boolean
    }
  | { readonly what: 'taken'; readonly address: Address; readonly now: number }
  /** Lost in a cut. */
  | { readonly what: 'cut'; readonly address: Address }
  | { readonly what: 'crashed'; readonly at: Address; readonly point: number | 'end' }
  | { readonly what: 'fault'; readonly fault: Fault }
  | { readonly what: 'lied'; readonly address: Address; readonly side: Side; readonly index: number }
  | { readonly what: 'chosen'; readonly address: Address; readonly index: number }
  | { readonly what: 'gst' }

/** An activation of a process, and where in it a crash makes a difference. */
export class Activation {
  readonly at: Address
  readonly process: string
  private readonly points = [0]
  private seen = 0
  /** Something has come after that which a crash before it would have undone. */
  private further = false

  constructor(process: string, nth: number) {
    this.process = process
    this.at = `${process} @${nth}`
  }

  /** It says or keeps something. */
  goesOn(): void {
    this.further = true
  }

  /** It does what others see. */
  isSeen(): void {
    this.seen++
    if (this.further) this.points.push(2 * this.seen - 1)
    this.points.push(2 * this.seen)
    this.further = false
  }

  /** Its crash points, but for those that come to the same as another one, the end among them. */
  get crashPoints(): readonly (number | 'end')[] {
    const inside = this.further || this.seen === 0 ? this.points : this.points.slice(0, -1)
    return [...inside, 'end']
  }
}

export class Recorder implements Watch {
  readonly trace: TraceEvent[] = []
  readonly entries: Entry[] = []
  private readonly world: World
  /** The first message that is no plain data, and what of it is not. */
  stained: string | undefined
  /** Every activation so far. */
  readonly activations: Activation[] = []
  /** Where each message was sent, in `trace` and in `entries`. */
  private readonly sent = new Map<Address, { readonly event: number; readonly entry: number }>()
  /** What was sent, and what it was then. */
  private readonly messages: { readonly address: Address; readonly message: Action; readonly was: Action }[] = []
  private readonly causes = new Map<string, number>()

  constructor(world: World) {
    this.world = world
  }

  private add(at: number, what: TraceEvent['what']): void {
    const { activation, now, machines } = this.world
    this.trace.push({
      activation,
      time: now,
      at: machines[at]?.name ?? 'world',
      incarnation: machines[at]?.incarnation ?? 0,
      what,
    })
  }

  offered(step: Step, fate: Fate): void {
    const { usual, due, order, again, from, at, lie } = step
    const address = step.address
    this.entries.push({
      what: 'offered',
      address,
      usual,
      due,
      order,
      fate,
      again,
      background: step.source === 'background',
    })
    this.causes.set(address, step.cause)
    if (from >= 0 && !again) {
      this.activations.at(-1)?.isSeen()
      this.sent.set(address, { event: this.trace.length, entry: this.entries.length - 1 })
      const { message } = step.input as Extract<Input, { readonly kind: 'receive' }>
      const to = this.world.names[at]!
      const stain = impurity(message)
      // What is no plain data cannot be copied.
      if (stain === undefined) this.messages.push({ address, message, was: copy(message) })
      else this.stained ??= `in ${address}, which ${this.world.names[from]} sends to ${to}, ${stain}`
      const omitted = omissions[fate]
      this.add(from, { kind: 'send', to, address, ...(omitted && { omitted }), ...(lie && { lie }) })
    }
  }

  /** It is as if the sender had omitted to send it. */
  lost(step: Step): void {
    const { event, entry } = this.sent.get(step.address)!
    const sent = this.trace[event]!
    this.trace[event] = { ...sent, what: { ...sent.what, omitted: 'by sender' } as TraceEvent['what'] }
    this.entries[entry] = { ...this.entries[entry], fate: 'omitted by sender' } as Entry
  }

  cut(step: Step): void {
    this.entries.push({ what: 'cut', address: step.address })
  }

  taken(step: Step, input: Input, dropped: boolean): void {
    const address = step.address
    this.entries.push({ what: 'taken', address, now: this.world.now })
    if (dropped) return
    const { name, activations } = this.world.machines[step.at]!
    this.activations.push(new Activation(name, activations))
    const background = step.source === 'background'
    const cause = this.causes.get(address) ?? 0
    this.add(step.at, { kind: 'activation', address, cause, input, ...(background && { background }) })
  }

  observed(at: number, layer: string, action: Action, instance: number | undefined): void {
    this.activations.at(-1)?.goesOn()
    this.says(at, layer, action, instance)
  }

  private says(at: number, layer: string, action: Action, instance: number | undefined): void {
    const said = copyOfPlain(action)
    this.add(at, { kind: 'observation', layer, ...(instance === undefined ? {} : { instance }), action: said })
  }

  lied(step: Step, side: Side, index: number): void {
    this.entries.push({ what: 'lied', address: step.address, side, index })
  }

  chosen(step: Step, index: number): void {
    if (index > 0) this.entries.push({ what: 'chosen', address: step.address, index })
  }

  kept(): void {
    this.activations.at(-1)?.goesOn()
  }

  asked(at: number, service: string, action: Action, instance: number | undefined): void {
    this.activations.at(-1)?.isSeen()
    this.says(at, service, action, instance)
  }

  crashed(at: number, point: number | 'end'): void {
    const { name, activations } = this.world.machines[at]!
    this.entries.push({ what: 'crashed', at: `${name} @${activations}`, point })
    this.add(at, { kind: 'fault', fault: 'crash' })
  }

  fault(fault: Fault): void {
    if (fault.do === 'gst') this.entries.push({ what: 'gst' })
    else this.entries.push({ what: 'fault', fault })
    if (fault.do === 'suspect' || fault.do === 'trust' || fault.do === 'skew') return
    this.add('process' in fault ? this.world.rank(fault.process) : -1, { kind: 'fault', fault: fault.do })
  }

  /** The first message that somebody has changed, the sender or a receiver, though it belongs to both. */
  changed(): { readonly address: Address; readonly was: Action; readonly is: Action } | undefined {
    const found = this.messages.find(({ message, was }) => !equal(message, was))
    return found && { address: found.address, was: found.was, is: found.message }
  }

  get recorded(): Trace {
    return this.trace
  }
}
