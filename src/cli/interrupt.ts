/** Work that ends in the middle: by Ctrl-C, or since something has failed beside it. */

/** What is under way and keeps what it has found when it is ended. */
const underWay = new Set<AbortController>()

/** Ends what is under way, if anything is. */
export function stopWork(): boolean {
  for (const controller of underWay) controller.abort()
  return underWay.size > 0
}

/** The first Ctrl-C ends the work and keeps what was found; the second ends the program. */
export function onInterrupt(): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const stop = () => {
    if (controller.signal.aborted) process.exit(130)
    // Whoever draws on the terminal is told first.
    controller.abort()
    process.stderr.write('\ninterrupted: keeping what was found; once more to leave at once\n')
  }
  for (const signal of signals) process.on(signal, stop)
  underWay.add(controller)
  return {
    signal: controller.signal,
    end: () => {
      for (const signal of signals) process.off(signal, stop)
      underWay.delete(controller)
    },
  }
}
