/** A few numbers that the threads of a campaign share: how far each is, and whether to stop. */

/** What a worker writes, and what it reads. */
const fields = ['run', 'shrinkRuns', 'deviations', 'stop', 'beats'] as const
type Field = (typeof fields)[number]

export class Board {
  private readonly cells: Int32Array
  readonly buffer: SharedArrayBuffer

  constructor(buffer = new SharedArrayBuffer(4 * fields.length)) {
    this.buffer = buffer
    this.cells = new Int32Array(buffer)
  }

  get(field: Field): number {
    return Atomics.load(this.cells, fields.indexOf(field))
  }

  set(field: Field, value: number): void {
    Atomics.store(this.cells, fields.indexOf(field), value)
  }

  /** A sign of life. */
  beat(): void {
    Atomics.add(this.cells, fields.indexOf('beats'), 1)
  }
}
