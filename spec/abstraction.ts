/** Abstract states: where the processes of a run stand, as far as a specification tells that apart. */
import type { Abstraction, Action, Automaton, Located, Process, Specification } from './language.ts'

/** Where a specification does not say what it tells apart, its automaton does, or else its alphabet. */
export const abstractionOf = ({ abstraction, automaton }: Specification): Abstraction<any, any> =>
  abstraction ?? (automaton === undefined ? lastActions : enabledOutputs(automaton))

/** Each process stands where its last action has left it. */
const lastActions: Abstraction<ReadonlyMap<Process, string>, Located> = {
  initial: () => new Map(),
  next: (last, { at: p, kind }) => new Map(last).set(p, kind),
  stands: (last, p) => last.get(p) ?? 'silent',
}

/** Each process stands where the automaton lets it do the same next: nothing of a kind, one thing, or several. */
const enabledOutputs = <S, I extends Located, O extends Located>({
  initial,
  inputs,
  outputs,
  enabled,
}: Automaton<S, I, O>): Abstraction<S, I | O> => ({
  initial,
  next(s, event) {
    const { at: p, kind } = event as Action & Located
    if (Object.hasOwn(inputs, kind)) return inputs[kind as I['kind']](s, p, event as never)
    const output = Object.hasOwn(outputs, kind) ? outputs[kind as O['kind']] : undefined
    return output?.pre(s, p, event as never) ? output.eff(s, p, event as never) : s
  },
  stands(s, p) {
    const times = new Map<string, number>()
    for (const { kind } of enabled(s, p)) times.set(kind, (times.get(kind) ?? 0) + 1)
    return [...times].map(([kind, n]) => (n > 1 ? `${kind}s` : kind)).join(' ')
  },
})

/** An abstract state as a text: where the processes stand, in an order that does not depend on who they are. */
export const abstractState = <S>({ stands }: Abstraction<S, any>, s: S, processes: readonly Process[]): string =>
  processes
    .map((p) => stands(s, p))
    .sort()
    .join(' | ')
