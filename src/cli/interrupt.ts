/** Ctrl-C in the middle. */

/** The first one ends the work and keeps what was found; the second ends the program. */
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
  return {
    signal: controller.signal,
    end: () => {
      for (const signal of signals) process.off(signal, stop)
    },
  }
}
