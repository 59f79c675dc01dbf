/** Makes one script of a driver and everything that it requires, but for the modules of Node. */
import { builtinModules, SourceMap } from 'node:module'
import { basename, dirname, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'
import { type BuildFailure, build, type Plugin } from 'esbuild'
import { AdapterFailure } from '../../kernel/host.ts'
import { intrinsics } from './contract.ts'

/** The names of the two scripts in stack traces. Node does not warn of what packages in `node_modules` deprecate. */
const driverScript = '/node_modules/onecopy-driver.cjs'
const realmScript = 'onecopy:realm'

export interface Bundle {
  /** Answers with `(…intrinsics) => (require, module, exports) => void`. */
  readonly script: Script
  /** The file of the driver, as it is called in mapped stacks. */
  readonly driver: string
  /** A stack as the author of the library would see it: without the frames of onecopy, in the original files. */
  map(stack: string): string
}

/** Bundles a driver. `replace` names modules that are to be replaced by others, as a path or a package. */
export async function bundle(driver: URL, replace: Readonly<Record<string, string>>): Promise<Bundle> {
  const file = fileURLToPath(driver)
  const directory = dirname(file)
  let text: string
  let map: string
  try {
    const result = await build({
      entryPoints: [file],
      absWorkingDir: directory,
      outfile: `${directory}${sep}onecopy-driver.cjs`,
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      sourcemap: 'external',
      sourcesContent: false,
      // `import(name)` becomes the `require` that is ours: Node's own loads nothing in a context.
      supported: { 'dynamic-import': false },
      logLevel: 'silent',
      alias: { ...replace },
      define: { 'import.meta.url': '"file:///driver"' },
      plugins: [modulesOfNode(directory, replace)],
    })
    text = result.outputFiles.find(({ path }) => path.endsWith('.cjs'))!.text
    map = result.outputFiles.find(({ path }) => path.endsWith('.map'))!.text
  } catch (error) {
    const { errors } = error as BuildFailure
    const reasons = errors?.map(({ text, location }) =>
      location ? `${location.file}:${location.line}: ${text}` : text,
    )
    throw new AdapterFailure(
      `bundling the driver ${basename(file)}: expected a module that can be bundled, came:\n${(reasons ?? [String(error)]).map((reason) => `  ${reason}`).join('\n')}\nInstall what is missing, or name another module for it in \`replace\`.`,
      { cause: error },
    )
  }
  // One function around the other, because a module may declare a name that is a parameter here.
  const source = `(function (${intrinsics.join(', ')}, global) { return function (require, module, exports, __filename, __dirname) {\n${text}\n} })`
  const script = new Script(source, { filename: driverScript, lineOffset: -1 })
  let positions: SourceMap | undefined
  return {
    script,
    driver: basename(file),
    map: (stack) => {
      positions ??= new SourceMap(JSON.parse(map))
      return mapStack(stack, positions)
    },
  }
}

/** The code that makes everything virtual. It is TypeScript like the rest, so it is bundled too, once. */
let prelude: Promise<Script> | undefined
export function realmPrelude(): Promise<Script> {
  prelude ??= build({
    entryPoints: [
      fileURLToPath(new URL(`./realm/main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)),
    ],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'realm',
    target: 'node20',
    logLevel: 'silent',
  }).then(({ outputFiles }) => {
    // `var realm` would be a global that libraries see.
    const source = `(() => {${outputFiles[0]!.text}\nreturn realm.enter })()`
    return new Script(source, { filename: realmScript })
  })
  return prelude
}

/**
 * The modules of Node are asked for by name at run time, together with who asks. Node's streams run on the real
 * `process.nextTick`; the package `readable-stream` is the same code on the one that it is given.
 */
function modulesOfNode(directory: string, replace: Readonly<Record<string, string>>): Plugin {
  const names = new Set(builtinModules)
  return {
    name: 'modules of Node',
    setup(build) {
      build.onResolve({ filter: /^(node:)?[a-z_0-9/]+$/ }, async ({ path, importer, pluginData, kind }) => {
        const name = path.replace(/^node:/, '')
        if (pluginData === 'onecopy' || !(path.startsWith('node:') || names.has(name))) return undefined
        const legacy = /node_modules[\\/]readable-stream[\\/]/.test(importer)
        // An alias comes after plugins, and would not tell that `net` and `node:net` are one.
        const replaced = replace[name] ?? replace[`node:${name}`]
        if (replaced !== undefined && !legacy) {
          const found = await build.resolve(replaced, { resolveDir: directory, kind, pluginData: 'onecopy' })
          // What is in the place of a module may add to that module.
          if (found.path !== importer) return found
        }
        if (name === 'stream' && !legacy) {
          const found = await build.resolve('readable-stream', { resolveDir: directory, kind, pluginData: 'onecopy' })
          if (found.errors.length === 0) return { path: found.path, namespace: 'streams' }
        }
        const asks = tidy(relative(directory, importer))
        return {
          // If the path ended with .mjs, `module.exports` would mean nothing in it.
          path: `${legacy && name === 'stream' ? 'stream/legacy' : name} (for ${asks})`,
          namespace: 'node',
          pluginData: { name: legacy && name === 'stream' ? 'stream/legacy' : name, asks },
        }
      })
      build.onLoad({ filter: /.*/, namespace: 'node' }, ({ pluginData: { name, asks } }) => ({
        contents: `module.exports = require.onecopy(${JSON.stringify(name)}, ${JSON.stringify(asks)})`,
        loader: 'js',
      }))
      build.onLoad({ filter: /.*/, namespace: 'streams' }, ({ path }) => ({
        contents: `module.exports = require.streams(require(${JSON.stringify(path)}))`,
        loader: 'js',
        resolveDir: directory,
      }))
      build.onLoad({ filter: /\.node$/ }, ({ path }) => ({
        errors: [
          {
            text: `${tidy(relative(directory, path))} is native code, whose threads and I/O cannot be made virtual: use a package in pure JavaScript instead of it`,
          },
        ],
      }))
    },
  }
}

/** The path of a file from its package on; everything before depends on the machine. */
function tidy(path: string): string {
  const place = path.lastIndexOf('node_modules')
  return (place < 0 ? path : path.slice(place + 'node_modules'.length + 1)).split(sep).join('/')
}

/** How many frames of a stack are worth showing. */
const frames = 6

function mapStack(stack: string, positions: SourceMap): string {
  const lines = stack.split('\n')
  const first = lines.findIndex((line) => /^\s+at /.test(line))
  if (first < 0) return stack
  const mapped = lines
    .slice(first)
    .filter((line) => line.includes(driverScript))
    .map((line) =>
      line.replace(new RegExp(`${driverScript}:(\\d+):(\\d+)`), (all, row, column) => {
        const found = positions.findEntry(Number(row) - 1, Number(column) - 1)
        return 'originalSource' in found
          ? `${tidy(found.originalSource)}:${found.originalLine + 1}:${found.originalColumn + 1}`
          : all
      }),
    )
  return [...lines.slice(0, first), ...mapped.slice(0, frames)].join('\n')
}
