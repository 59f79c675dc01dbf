/**
 * The baseline: the same protocol and the same monitors, driven by fast-check's `scheduler()`. Every message is a task
 * of the scheduler, which picks uniformly among those that wait. Timers never fire, which is in its favour.
 */
import fc from 'fast-check'
import type { Sink } from '#src/kernel/host'
import type { Request } from '#src/kernel/schedule'
import type { Stack, Target } from '#src/kernel/target'
import { judge } from '#src/monitors/index'
import { StackHost } from '#src/simulator/index'
import type { Action, Process } from '../spec/language.ts'

/** Runs a workload once and gives the number of activations. */
export function schedulerRun(
  target: Target,
  processes: readonly Process[],
): (requests: readonly Request[], seed: number) => Promise<number> {
  const host = new StackHost(target.system as Stack)
  const monitors = judge(target.specifications)
  return async (requests, seed) => {
    const scheduler = fc.sample(fc.scheduler(), { seed, numRuns: 1 })[0]!
    let activations = 0
    host.reset(processes, 0)
    monitors.reset(processes)
    const sinkOf = (self: Process): Sink => ({
      send(to, layer, message, instance) {
        const input = {
          kind: 'receive' as const,
          from: self,
          layer,
          message,
          ...(instance === undefined ? {} : { instance }),
        }
        void scheduler.schedule(Promise.resolve()).then(() => {
          activations++
          host.activate(to, input, sinks.get(to)!)
        })
      },
      timer: () => {},
      cancel: () => {},
      store: () => {},
      sync: () => {},
      ask: () => {},
      observe: (layer: string, action: Action, instance?: number) => monitors.observe(self, layer, action, instance),
    })
    const sinks = new Map(processes.map((p) => [p, sinkOf(p)]))
    for (const p of processes) host.activate(p, { kind: 'start', incarnation: 0, stable: undefined }, sinks.get(p)!)
    for (const { client, to, operation } of requests)
      void scheduler.schedule(Promise.resolve()).then(() => {
        activations++
        host.activate(to, { kind: 'request', client, operation }, sinks.get(to)!)
      })
    await scheduler.waitIdle()
    monitors.end(new Set(processes), Infinity)
    if (monitors.finding !== undefined) throw new Error(`the baseline violates ${monitors.finding.property}`)
    return activations
  }
}
