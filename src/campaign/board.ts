/** Numbers that a worker shares with whoever watches it: how far it is, that it is alive, and whether it is to stop. */

const fields = ['beats', 'runs', 'run', 'shrinkRuns', 'deviations', 'stop'] as const
type Field = (typeof fields)[number]

export class Board {
  private readonly cells: Int32Array
  readonly buffer: SharedArrayBuffer

  constructor(buffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * fields.length)) {
    this.buffer = buffer
    this.cells = new Int32Array(buffer)
  }

  get(field: Field): number {
    return Atomics.load(this.cells, fields.indexOf(field))
  }

  set(field: Field, value: number): void {
    Atomics.store(this.cells, fields.indexOf(field), value)
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
