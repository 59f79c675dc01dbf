/**
 * What code asks Node to do later. Node does it when no process is activated, or never, since a run takes no time: no
 * adversary delays it, no crash cuts it off, and the run is judged without it.
 */
import { type AsyncHook, createHook } from 'node:async_hooks'

const waited = ['Timeout', 'Immediate', 'Microtask', 'TickObject', 'PROMISE']

/** While this is open, whoever acts is watched; what is printed puts off something of Node's own. */
export class PutOff {
  private found: string | undefined
  private readonly hook: AsyncHook

  /** `acting`: who does, and in which activation. */
  constructor(acting: () => string | undefined) {
    // Whoever throws in here ends the thread.
    this.hook = createHook({
      init: (_, type) => {
        if (this.found !== undefined || !waited.includes(type)) return
        const who = acting()
        const what = who && caller(type, new Error().stack ?? '')
        if (what !== undefined) this.found = `${who} ${what}`
      },
    }).enable()
  }

  /** The first thing that was put off since this was asked last, in words. */
  take(): string | undefined {
    const { found } = this
    this.found = undefined
    return found
  }

  close(): void {
    this.hook.disable()
  }
}

/** Who calls what, by the lines of a stack: the hook, Node, and whoever calls that. */
function caller(type: string, stack: string): string | undefined {
  const [, ...calls] = stack.split('\n').flatMap((line) => /^ +at (.*)/.exec(line)?.[1] ?? [])
  const place = calls.findIndex((call) => !/\bnode:|<anonymous>\)$/.test(call))
  const called = calls[place - 1]?.split(' (')[0] ?? ''
  if (type === 'TickObject' && !called.endsWith('nextTick')) return undefined
  return `${type === 'PROMISE' ? 'makes a promise' : `calls ${called}`} at ${calls[place]}`
}
