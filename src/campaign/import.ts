/** Imports modules, TypeScript ones too. */
import { createRequire, Module } from 'node:module'
import { pathToFileURL } from 'node:url'

let reader: Promise<unknown> | undefined

/** A package that does not say `"type": "module"` has its TypeScript read as CommonJS. */
async function readTypeScript(): Promise<void> {
  const [esm, cjs] = await Promise.all([import('tsx/esm/api'), import('tsx/cjs/api')])
  esm.register()
  cjs.register()
  await shareItself()
}

/**
 * What CommonJS requires as `onecopy` is this one and no copy of it, of which nothing would be known again: neither its
 * specifications, which have monitors, nor its hosts.
 */
async function shareItself(): Promise<void> {
  const require = createRequire(import.meta.url)
  const file = require.resolve('onecopy')
  const itself = new Module(file)
  itself.exports = await import(pathToFileURL(file).href)
  itself.loaded = true
  require.cache[file] = itself
}

/** TypeScript is read by the same loader on every Node, unless one is at work already. */
export async function importModule(url: string): Promise<Record<string, unknown>> {
  if (/\.[mc]?ts$/.test(url) && !import.meta.url.endsWith('.ts')) {
    reader ??= readTypeScript()
    await reader
  }
  return (await import(url)) as Record<string, unknown>
}

/** Why a module cannot be imported, and where in it: who loads modules, this command above all, is not what is looked for. */
export function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const [lines] = (error.stack ?? error.message).split(/\n +at (?:async )?importModule /)
  const why = lines!.replace(/\n +at [^\n]*(?:node:|node_modules\/(?:esbuild|tsx)\/)[^\n]*/g, '')
  // Once this has failed, Node remembers that it has: no other reader can be asked to try again.
  return /ERR_UNKNOWN_FILE_EXTENSION.*"\.[mc]?ts"/.test(why)
    ? `${why}\nTypeScript is read for a module that is TypeScript itself: call it .ts or .mts.`
    : why
}
