/**
 * Numbers that a worker shares with whoever watches it: how far it is, that it is alive, whether it is to stop, and where the
 * world is that it runs.
 */
import { processes } from '../kernel/schedule.ts'

const fields = ['beats', 'runs', 'run', 'shrinkRuns', 'deviations', 'stop'] as const
type Field = (typeof fields)[number]

export class Board {
  private readonly cells: Int32Array
  /** What a world says of itself, after all that has a name. */
  readonly stage: Int32Array
  readonly buffer: SharedArrayBuffer

  constructor(buffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * (fields.length + 4))) {
    this.buffer = buffer
    this.cells = new Int32Array(buffer)
    this.stage = this.cells.subarray(fields.length)
  }

  get(field: Field): number {
    return Atomics.load(this.cells, fields.indexOf(field))
  }

  set(field: Field, value: number): void {
    Atomics.store(this.cells, fields.indexOf(field), value)
  }

  /** Where the run is, in words. */
  get whereabouts(): string {
    const [replicas, activation, at, from] = this.stage as unknown as [number, number, number, number]
    if (activation <= 0) return 'between two activations, as where a run is reset, or judged when it has ended'
    const nameOf = (rank: number) => processes(replicas)[rank] ?? `client ${rank - replicas + 1}`
    return `in activation ${activation}, at ${nameOf(at)}${from < 0 ? '' : `, which receives a message from ${nameOf(from)}`}`
  }

  /** Another one than before, unless the thread loops: code that never waits lets it beat no more, but goes on. */
  get sign(): string {
    return `${this.get('beats')} ${this.activation}`
  }

  /** The number of the activation that the run is in, or after. */
  get activation(): number {
    return Math.abs(this.stage[1]!)
  }

  /** The thread is alive. */
  beat(): void {
    Atomics.add(this.cells, fields.indexOf('beats'), 1)
  }

  /** A run begins, so that the one before it has ended. Says whether it may. */
  begin(): boolean {
    Atomics.add(this.cells, fields.indexOf('runs'), 1)
    return this.get('stop') === 0
  }
}
