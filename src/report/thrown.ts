/** What an error says, and where it comes from. */
import { isAbsolute, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where onecopy's own code is, be it built or not. */
const own = ['../../src/', '../../spec/'].map((folder) => fileURLToPath(new URL(folder, import.meta.url)))

/** A stack names places on one machine; what has gone wrong is told by what stands before it. */
export const withoutStack = (sentence: string): string => sentence.split(/\n\s+at /)[0]!

/** The first place in a stack that is outside of onecopy and of Node, as `src/queue.ts:12:5`, seen from here. */
export function placeIn(sentence: string): string | undefined {
  for (const [, where, position] of sentence.matchAll(/\n\s+at (?:async )?(?:[^(\n]*\()?(.+?)(:\d+:\d+)\)?(?=\n|$)/g)) {
    if (/^(node|onecopy):|<anonymous>/.test(where!)) continue
    const path = where!.startsWith('file:///') ? fileURLToPath(new URL(where!)) : where!
    if (own.some((folder) => path.startsWith(folder))) continue
    const near = isAbsolute(path) ? relative(process.cwd(), path) : path
    return `${near.startsWith('..') ? path : near}${position}`
  }
  return undefined
}
