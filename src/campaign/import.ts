/** Imports modules, TypeScript ones too. */

let reader: Promise<unknown> | undefined

/** A package that does not say `"type": "module"` has its TypeScript read as CommonJS. */
async function readTypeScript(): Promise<void> {
  const [esm, cjs] = await Promise.all([import('tsx/esm/api'), import('tsx/cjs/api')])
  esm.register()
  cjs.register()
}

/** TypeScript is read by the same loader on every Node, unless one is at work already. */
export async function importModule(url: string): Promise<Record<string, unknown>> {
  if (/\.[mc]?ts$/.test(url) && !import.meta.url.endsWith('.ts')) {
    reader ??= readTypeScript()
    await reader
  }
  return (await import(url)) as Record<string, unknown>
}
