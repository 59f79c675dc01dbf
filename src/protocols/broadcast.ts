/** What the broadcasts of this folder have in common: how they are asked, and how they answer. */
import type { Port } from '../kernel/module.ts'

export type Message = string

/** Reliable, uniform, FIFO and causal broadcast promise different things at the same port. */
export interface Broadcast extends Port {
  readonly request: { readonly kind: 'broadcast'; readonly message: Message }
  readonly indication: { readonly kind: 'deliver'; readonly message: Message }
}

export interface AtomicBroadcast extends Port {
  readonly request: { readonly kind: 'abcast'; readonly message: Message }
  readonly indication: { readonly kind: 'adeliver'; readonly message: Message }
}

/** Where processes come back from disk, they can ask for what they had adelivered, and may not have made use of. */
export interface StableBroadcast extends Port {
  readonly request: AtomicBroadcast['request'] | { readonly kind: 'replay'; readonly after: number }
  readonly indication: AtomicBroadcast['indication'] | { readonly kind: 'again'; readonly message: Message }
}

/** To the layer below, a message and the tags that it carries are one message, or one value. */
export const tag = (tagged: readonly unknown[]): Message => JSON.stringify(tagged)

/** What was read last, since every process reads the same messages, in many runs. Nobody changes what it has been sent. */
let read = new Map<Message, readonly unknown[]>()
const memory = 4096

export function untag<Tagged extends readonly unknown[]>(message: Message): Tagged {
  let tagged = read.get(message) as Tagged | undefined
  if (tagged === undefined) {
    tagged = JSON.parse(message) as Tagged
    if (read.size === memory) read = new Map()
    read.set(message, tagged)
  }
  return tagged
}
