/**
 * The failure detectors of the processes: oracles of the class that the target assumes (`spec/failure-detectors.ts`).
 *
 * A crash is noticed after a while. Before GST the adversary adds what errors the class permits. From GST on the
 * detectors say what the class promises and nothing better; whoever has omitted anything counts as failed, not only who
 * has crashed, since nobody is served by a process that is up and cannot be heard.
 */
import type { Process } from '../../spec/language.ts'
import type { Ticks } from '../kernel/module.ts'
import type { Assumptions } from '../kernel/target.ts'
import type { Machine } from './machine.ts'

/** Ticks until a failure is noticed. */
const detection = 5

/** Tells the process of this rank, so many ticks from now, what its detector thinks of another one. */
type Tell = (by: number, kind: 'suspect' | 'trust', of: Process, after: Ticks) => void

export class Detector {
  private readonly kind: Assumptions['detector']
  private readonly machines: readonly Machine[]
  private readonly tell: Tell
  /** Who was ever suspected, rightly or not, or soon will be. */
  private suspected = new Set<Process>()

  constructor(kind: Assumptions['detector'], machines: readonly Machine[], tell: Tell) {
    this.kind = kind
    this.machines = machines
    this.tell = tell
  }

  private say(by: number, kind: 'suspect' | 'trust', of: Process, after: Ticks): void {
    if (this.kind !== 'none' && this.machines[by]!.up) this.tell(by, kind, of, after)
  }

  /** It crashes in the activation that begins. */
  crashing(of: Process): void {
    this.suspected.add(of)
  }

  crashed(of: Process): void {
    for (const [by, { name }] of this.machines.entries()) if (name !== of) this.say(by, 'suspect', of, detection)
  }

  recovered(of: Process): void {
    for (const [by, { name }] of this.machines.entries()) if (name !== of) this.say(by, 'trust', of, detection)
  }

  /** The adversary has a detector err. */
  err(by: number, kind: 'suspect' | 'trust', of: Process): void {
    if (kind === 'suspect' && !this.machines.find(({ name }) => name === of)!.faulty) {
      if (this.kind === 'P' || this.spares(of)) return
      this.suspected.add(of)
    }
    this.say(by, kind, of, 0)
  }

  /**
   * S: one correct process is never suspected, so the last of whom that may still become true is neither suspected, nor does
   * it fail. Which one that is, the adversary decides by what it does before.
   */
  spares(of: Process): boolean {
    if (this.kind !== 'S') return false
    const spotless = this.machines.filter(this.isSpotless)
    return spotless.length === 1 && spotless[0]!.name === of
  }

  private readonly isSpotless = ({ name, faulty }: Machine): boolean => !faulty && !this.suspected.has(name)

  /** Brings about what is promised after GST, and only just that; again when a process has failed since. */
  settle(after: Ticks = detection): void {
    const { kind, machines } = this
    if (kind === 'none' || kind === 'unreliable') return
    const trusted = kind === 'S' ? machines.find(this.isSpotless)?.name : this.leastSuspected()
    for (const [by, { name: p, suspects }] of machines.entries())
      for (const { name: q, faulty } of machines) {
        const suspected = suspects.has(q)
        let suspect: boolean
        // A process that has failed may think of itself what it likes: it does not.
        if (kind === 'Ω') suspect = q !== trusted
        else if (faulty) suspect = p !== q
        else suspect = suspected && q !== trusted && (kind === 'S' || kind === '◇S')
        if (suspect !== suspected) this.say(by, suspect ? 'suspect' : 'trust', q, after)
      }
  }

  /**
   * The correct process whom the fewest suspect. That it is the one who is trusted leaves most wrong suspicions as they are,
   * and leaves it to the adversary who it is: somebody else than the first, if that one is suspected.
   */
  private leastSuspected(): Process | undefined {
    const by = (q: Process): number => this.machines.filter(({ up, suspects }) => up && suspects.has(q)).length
    const correct = this.machines.filter(({ faulty }) => !faulty).map(({ name }) => name)
    const fewest = Math.min(...correct.map(by))
    return correct.find((q) => by(q) === fewest)
  }

  copy(machines: readonly Machine[]): Detector {
    const copy = new Detector(this.kind, machines, this.tell)
    copy.suspected = new Set(this.suspected)
    return copy
  }
}
