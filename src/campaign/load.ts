/** Loads targets from modules, TypeScript ones too. */
import { url as inspectorUrl } from 'node:inspector'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'
import { AdapterFailure } from '../kernel/host.ts'
import { butNear } from '../kernel/nearest.ts'
import type { Assumptions, Target } from '../kernel/target.ts'
import { noCrash } from '../monitors/index.ts'
import { otherCopy, thisCopy } from './copies.ts'
import { importModule, whyNot } from './import.ts'
import type { Reference } from './options.ts'
import { rehearse } from './rehearsal.ts'

/** Every target that a module exports, alone or in a list; where one is wanted, nothing is asked of what has another name. */
export async function loadTargets(url: string, only?: string): Promise<readonly Target[]> {
  const doing = `loading targets from ${url.startsWith('file:') ? fileURLToPath(url) : url}`
  // Under a debugger, which sees for itself, a thread would wait for being told to go on.
  const endless = isMainThread && inspectorUrl() === undefined ? await rehearse(url) : undefined
  if (endless !== undefined)
    throw new AdapterFailure(
      `${doing}: expected importing the module to end, but ${endless}. Take out of its top level what belongs into functions.`,
    )
  let module: Record<string, unknown>
  try {
    module = await importModule(url)
  } catch (error) {
    throw new AdapterFailure(
      `${doing}: expected a module that can be imported, but importing it failed: ${whyNot(error)}`,
      { cause: error },
    )
  }
  const foreign = otherCopy()
  if (foreign !== undefined)
    throw new AdapterFailure(
      `${doing}: expected it to import the copy of onecopy that judges it, ${thisCopy}, but it imports another, ${foreign}, whose specifications this one does not know. Use one copy: start \`npx onecopy\` where the module finds its own.`,
    )
  // What CommonJS exports comes twice, the second time as `default`.
  const exported = Object.entries(module).flatMap(([name, value]) =>
    name === 'default' && isRecord(value) && !looksLikeTarget(value) ? Object.entries(value) : [[name, value] as const],
  )
  const targets = new Map<string, Target>()
  for (const [name, value] of exported)
    for (const candidate of [value].flat()) {
      if (!looksLikeTarget(candidate)) continue
      const target = candidate as unknown as Target
      if (only !== undefined && target.name !== only) {
        if (isText(target.name)) targets.set(target.name, target)
        continue
      }
      const wrong = wrongWith(candidate)
      if (wrong !== undefined)
        throw new AdapterFailure(`${doing}: the export ${name} looks like a target, but ${wrong}. ${advice}`)
      const other = targets.get(target.name)
      if (other !== undefined && other !== target)
        throw new AdapterFailure(
          `${doing}: expected a name for each target, but two different ones are called ${target.name}. Rename one.`,
        )
      targets.set(target.name, target)
    }
  if (targets.size === 0)
    throw new AdapterFailure(
      `${doing}: expected an export that is a target, but it exports ${[...new Set(exported.map(([name]) => name))].join(', ') || 'nothing'}. ${advice}`,
    )
  return [...targets.values()]
}

export async function loadTarget({ url, name }: Reference): Promise<Target> {
  const targets = await loadTargets(url, name)
  const target = targets.find((target) => target.name === name)
  if (target === undefined)
    throw new AdapterFailure(
      `loading the target ${name} from ${url}: expected what was exported before, but now it exports ${targets.map(({ name }) => name).join(', ')}. The names of targets must not change from one import to the next.`,
    )
  return target
}

const advice =
  'A target is an object with name, kind, says, source, specifications, processes, assumptions, because, mustSee, workload and system; CONTRIBUTING.md shows one.'

type Fields = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Enough of a target to be meant as one. */
const looksLikeTarget = (value: unknown): value is Fields =>
  isRecord(value) &&
  ['name', 'system', 'workload', 'specifications', 'assumptions'].filter((f) => f in value).length > 2

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

/** Why something is no target: the first field that is not as a target needs it, in words. */
export function misfitOfTarget(value: object): string | undefined {
  const wrong = wrongWith(value as Fields)
  return wrong && `${wrong}. ${advice}`
}

function wrongWith(value: Fields): string | undefined {
  const { kind, specifications, processes, assumptions, mustSee, window, workload, lies, client, system, bound } = value
  for (const field of ['name', 'says', 'source'])
    if (!isText(value[field])) return `its ${field} is ${show(value[field])} and should be a text`
  const kinds = ['protocol', 'mutant', 'benign-variant', 'adapter']
  if (!kinds.includes(kind as string)) return `its kind is ${show(kind)} and should be one of ${kinds.join(', ')}`
  if (!isRecord(specifications)) return `its specifications are ${show(specifications)} and should be a record by layer`
  for (const [layer, specification] of Object.entries(specifications))
    if (!isRecord(specification) || !isText(specification.name) || !Array.isArray(specification.properties))
      return `its specification of the layer ${layer} is ${show(specification)} and should be one, as Consensus`
  for (const { name, properties, variants, read } of Object.values(specifications) as readonly Fields[]) {
    if ((properties as readonly unknown[]).length === 0)
      return `its specification ${name} has no properties and would judge nothing`
    if (!Array.isArray(variants))
      return `the variants of its specification ${name} are ${show(variants)} and should be a list, as []`
    if (typeof read !== 'function')
      return `\`read\` of its specification ${name} is ${show(read)} and should be a function`
    const called = new Map<unknown, unknown>()
    for (const property of [...(properties as readonly unknown[]), ...(variants as readonly unknown[])]) {
      const wrong = wrongWithProperty(property)
      if (wrong !== undefined) return `a property of its specification ${name}${wrong}`
      // A variant may be demanded as well, and stand in both lists.
      const its = nameOf(property)
      if (called.has(its) && called.get(its) !== property)
        return `two properties of its specification ${name} are called ${its}, and a report would not say which is violated`
      called.set(its, property)
    }
  }
  const isCount = (n: unknown) => Number.isInteger(n) && (n as number) > 0
  if (!Array.isArray(processes) || processes.length === 0 || !processes.every(isCount))
    return `its processes are ${show(processes)} and should be numbers, the usual one first, as [3, 5]`
  if (!isRecord(assumptions)) return `its assumptions are ${show(assumptions)} and should be a record`
  const unknown = Object.keys(assumptions).find((field) => !Object.hasOwn(assumable, field))
  if (unknown !== undefined)
    return `its assumptions say something about ${unknown}, which is none of ${Object.keys(assumable).join(', ')}${butNear(unknown, Object.keys(assumable))}`
  for (const [field, values] of Object.entries<readonly unknown[]>(assumable)) {
    const assumed = assumptions[field]
    if (assumed === undefined && !values.includes(assumed)) return `its assumptions say nothing about ${field}`
    if (!values.includes(assumed) && !(field === 'faulty' && Number.isInteger(assumed) && (assumed as number) >= 0))
      return `its assumption about ${field} is ${show(assumed)} and should be one of ${values.join(', ')}`
  }
  const vain = inVain(assumptions as unknown as Assumptions)
  if (vain !== undefined)
    return `its assumptions let a process ${vain}, which makes it faulty, and none be faulty: should be faulty 'minority', or what it may not do`
  if (assumptions.lies === true && !isRecord(lies))
    return `it tolerates lies, but its lies are ${show(lies)} and should be a record by layer`
  for (const [layer, said] of Object.entries(isRecord(lies) ? lies : {}))
    if (!isRecord(said) || typeof said.send !== 'function' || typeof said.receive !== 'function')
      return `its lies in the layer ${layer} are ${show(said)} and should be functions, { send, receive }`
  if (!Array.isArray(mustSee)) return `its mustSee is ${show(mustSee)} and should be a list of what must be exercised`
  if (window !== undefined && !isWindow(window))
    return `its window is ${show(window)} and should be { name, opens, closes, share }: three texts, and a number from 0 to 1`
  if (typeof workload !== 'function') return `its workload is ${show(workload)} and should be a function`
  if (typeof system !== 'function' && !(isRecord(system) && 'module' in system && 'below' in system))
    return `its system is ${show(system)} and should be a stack ({ module, below }) or a function that makes a host`
  const misbuilt = isRecord(system) ? wrongWithStack(system) : undefined
  if (misbuilt !== undefined) return misbuilt
  const layers = [...Object.keys(specifications), ...(isRecord(system) ? layersOf(system) : []), nameOf(client)]
  if (layers.includes(noCrash.layer))
    return `one of its layers is called ${noCrash.layer}, where crashes are told, and should have another name`
  if (bound !== undefined && !isCount(bound)) return `its bound is ${show(bound)} and should be a positive number`
  return undefined
}

/** What is of no kind would be judged at no time. */
function wrongWithProperty(property: unknown): string | undefined {
  if (!isRecord(property) || !isText(property.name)) return ` is ${show(property)} and should have a name`
  const { name, kind, violations } = property
  const kinds = ['safety', 'deferred', 'liveness']
  if (!kinds.includes(kind as string))
    return `, ${name}, has kind ${show(kind)} and should have one of ${kinds.join(', ')}`
  if (typeof violations !== 'function')
    return `, ${name}, has violations ${show(violations)} and should have a function`
  return undefined
}

/** A module, and those that it stands on; what is no stack there is a specification. */
function wrongWithStack({ module, below }: Fields): string | undefined {
  if (!isRecord(module) || !isText(module.name))
    return `a module of its system is ${show(module)} and should have a name and tables of handlers`
  if (typeof module.initial !== 'function')
    return `\`initial\` of its module ${module.name} is ${show(module.initial)} and should be a function`
  for (const table of ['upon', 'receive', 'expire', 'from'])
    if (!isRecord(module[table]))
      return `\`${table}\` of its module ${module.name} is ${show(module[table])} and should be a table of handlers, as {}`
  for (const bottom of Object.values(below as Fields)) {
    const wrong = isRecord(bottom) && 'module' in bottom ? wrongWithStack(bottom) : undefined
    if (wrong !== undefined) return wrong
  }
  return undefined
}

const nameOf = (value: unknown): unknown => (isRecord(value) ? value.name : undefined)

/** The layers of a stack, the specifications below it and its failure detector included. */
function layersOf({ module, below, detector }: Fields): readonly unknown[] {
  const lower = Object.entries(below as Fields).flatMap(([port, bottom]) =>
    isRecord(bottom) && 'module' in bottom ? layersOf(bottom) : [port],
  )
  return [nameOf(module), ...lower, ...(isRecord(detector) && isRecord(detector.below) ? layersOf(detector) : [])]
}

/** What a process may do that none may be charged with, so that it would never be tried. */
const inVain = ({ faulty, crashes, omissions, lies }: Assumptions): string | undefined => {
  if (faulty !== 'none' && faulty !== 0) return undefined
  return crashes ? 'crash' : omissions !== 'none' ? 'omit messages' : lies ? 'lie' : undefined
}

const isWindow = (value: unknown): boolean =>
  isRecord(value) &&
  [value.name, value.opens, value.closes].every(isText) &&
  typeof value.share === 'number' &&
  value.share >= 0 &&
  value.share <= 1

/** What a target may assume; `faulty` may be a number, too. */
const assumable: { readonly [F in keyof Assumptions]-?: readonly Assumptions[F][] } = {
  faulty: ['none', 'minority', 'all but one'],
  crashes: [true, false],
  recovery: ['none', 'amnesia', 'stable'],
  omissions: ['none', 'send', 'receive', 'general'],
  links: ['reliable', 'quasi-reliable', 'fair-loss'],
  duplicates: [true, false],
  fifo: [true, false],
  detector: ['none', 'P', 'S', '◇P', '◇S', 'Ω', 'unreliable'],
  drift: [true, false],
  lies: [true, false, undefined],
}

const show = (value: unknown): string =>
  value === undefined
    ? 'missing'
    : typeof value === 'object'
      ? JSON.stringify(value).slice(0, 60)
      : String(value).slice(0, 60)
