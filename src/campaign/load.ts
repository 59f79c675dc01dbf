/** Loads targets from modules, TypeScript ones too. */
import { fileURLToPath } from 'node:url'
import { AdapterFailure } from '../kernel/host.ts'
import type { Target } from '../kernel/target.ts'
import type { Reference } from './options.ts'

/** Every target that a module exports, alone or in a list. */
export async function loadTargets(url: string): Promise<readonly Target[]> {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url
  let module: Record<string, unknown>
  try {
    module = await importModule(url)
  } catch (error) {
    throw new AdapterFailure(
      `loading targets from ${path}: expected a module that can be imported, but importing it failed: ${error instanceof Error ? error.message : String(error)}. Run it alone with node to see the whole error.`,
      { cause: error },
    )
  }
  const found = Object.values(module).flat().filter(isTarget)
  const targets = [...new Map(found.map((target) => [target.name, target])).values()]
  if (targets.length === 0)
    throw new AdapterFailure(
      `loading targets from ${path}: expected an export that is a target (an object with name, kind, specifications, processes, assumptions, workload and system), but it exports ${Object.keys(module).join(', ') || 'nothing'}. CONTRIBUTING.md shows how a target looks.`,
    )
  return targets
}

export async function loadTarget({ url, name }: Reference): Promise<Target> {
  const targets = await loadTargets(url)
  const target = targets.find((target) => target.name === name)
  if (target === undefined)
    throw new AdapterFailure(
      `loading target ${name}: ${url} exports only ${targets.map(({ name }) => name).join(', ')}`,
    )
  return target
}

/** Node 20 does not read TypeScript by itself. */
async function importModule(url: string): Promise<Record<string, unknown>> {
  if (!/\.[mc]?tsx?$/.test(url) || import.meta.url.endsWith('.ts') || 'typescript' in process.features)
    return (await import(url)) as Record<string, unknown>
  const { tsImport } = await import('tsx/esm/api')
  return (await tsImport(url, import.meta.url)) as Record<string, unknown>
}

function isTarget(value: unknown): value is Target {
  if (typeof value !== 'object' || value === null) return false
  const fields = ['name', 'kind', 'specifications', 'processes', 'assumptions', 'workload', 'system', 'mustSee']
  return fields.every((field) => field in value)
}
