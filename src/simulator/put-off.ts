/**
 * What code asks Node to do later. Node does it when no process is activated, or never, since a run takes no time: no
 * adversary delays it, no crash cuts it off, and the run is judged without it.
 */
import { createHook } from 'node:async_hooks'

const waited = ['Timeout', 'Immediate', 'Microtask', 'TickObject', 'PROMISE']

/** Acts, and answers with the first thing that is put off, in words; what is printed puts off something of Node's own. */
export function putOff(act: () => void): string | undefined {
  let first: string | undefined
  // Whoever throws in here ends the thread.
  const hook = createHook({
    init(_, type) {
      if (first === undefined && waited.includes(type)) first = caller(type, new Error().stack ?? '')
    },
  }).enable()
  try {
    act()
  } finally {
    hook.disable()
  }
  return first
}

/** Who calls what, by the lines of a stack: the hook, Node, and whoever calls that. */
function caller(type: string, stack: string): string | undefined {
  const [, ...calls] = stack.split('\n').flatMap((line) => /^ +at (.*)/.exec(line)?.[1] ?? [])
  const place = calls.findIndex((call) => !/\bnode:|<anonymous>\)$/.test(call))
  const called = calls[place - 1]?.split(' (')[0] ?? ''
  if (type === 'TickObject' && !called.endsWith('nextTick')) return undefined
  return `${type === 'PROMISE' ? 'makes a promise' : `calls ${called}`} at ${calls[place]}`
}
