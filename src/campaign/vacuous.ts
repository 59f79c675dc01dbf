/** Properties of one's own that may not be able to fail, as far as some runs of a campaign tell. */
import vm from 'node:vm'
import type { History } from '../../spec/language.ts'
import { histories } from '../checkers/properties.ts'
import { isVacuous } from '../checkers/vacuity.ts'
import { nameOf } from '../kernel/verdict.ts'
import { foreignTo, type Said } from '../monitors/index.ts'
import type { Board } from './board.ts'
import type { Labs } from './explore.ts'
import { numberOf, type Plan, place } from './options.ts'

/** Runs that are changed, and so many that are made to find those that say what is seldom said. */
const first = 12
const most = 1000

/**
 * Milliseconds after which nothing is said of a property. It has come to an end with every run, and need not with what no
 * run can be: whoever follows causes follows them for ever if they go round.
 */
const longest = 2000

/**
 * `said`: what the whole campaign has observed. Of a layer that has later said more, or of which the specification knows
 * more, these runs tell too little: what speaks of the rest can be violated by nothing here.
 */
export async function vacuous(
  labs: Labs,
  plan: Plan,
  runs: number,
  said: Said,
  board: Board,
): Promise<readonly string[]> {
  const layers = Object.entries(labs.target.specifications).flatMap(([layer, specification]) => {
    const properties = foreignTo(specification, plan.properties)
    return properties.length === 0 ? [] : [{ layer, specification, properties }]
  })
  if (layers.length === 0) return []
  // A property that takes its time is no loop, and whoever presses Ctrl-C waits for none.
  const goesOn = () => {
    board.beat()
    return board.get('stop') === 0
  }
  const heard: { readonly layer: string; readonly history: History }[] = []
  const missing = new Set(layers.flatMap(({ layer }) => [...(said.get(layer)?.keys() ?? [])].map(named(layer))))
  for (let run = 0; run < Math.min(most, runs) && (run < first || missing.size > 0) && goesOn(); run++) {
    const { policy, seed, n, index } = place(plan, numberOf(plan, run))
    const { lab, chooser } = await labs.of(n)
    const choice = await chooser.choose(policy, seed, index)
    if (choice === undefined) continue
    const { trace, outcome } = await lab.record(choice.scenario, choice.fresh())
    const ending = { processes: lab.processes, correct: outcome.correct, cycle: undefined }
    for (const one of histories(trace, ending).values()) {
      const news = one.history.events.filter(({ kind }) => missing.delete(named(one.layer)(kind)))
      if (run < first || news.length > 0) heard.push(one)
    }
  }
  return layers.flatMap(({ layer, specification, properties }) => {
    const known = heard.filter((one) => one.layer === layer).map(({ history }) => history)
    const kinds = new Set(known.flatMap(({ events }) => events.map(({ kind }) => kind)))
    const spokenOf = [...Object.keys(specification.alphabet ?? {}), ...(said.get(layer)?.keys() ?? [])]
    if (!spokenOf.every((kind) => kinds.has(kind))) return []
    return properties
      .filter((property) => inTime(() => isVacuous(specification, property, known, goesOn)))
      .map(({ name }) => nameOf({ specification: specification.name, property: name, layer }))
  })
}

const named = (layer: string) => (kind: string) => `${layer}: ${kind}`

/** Whether it holds and is known in time. Only a script can be stopped, whatever it calls. */
function inTime(holds: () => boolean): boolean {
  const here = globalThis as { onecopyAsks?: typeof holds }
  here.onecopyAsks = holds
  try {
    return vm.runInThisContext('onecopyAsks()', { timeout: longest }) as boolean
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false
    throw error
  } finally {
    delete here.onecopyAsks
  }
}
