/** The modules of Node that a library may have: those that only compute, and virtual ones. All others are refused by name. */
import type { Outside } from '../contract.ts'
import { assertions } from './assert.ts'
import { cloner } from './clone.ts'
import { aborted, events } from './events.ts'
import { type Loop, noFunction } from './loop.ts'
import { targets } from './targets.ts'
import { timers } from './timers.ts'

/** They only compute, so the real ones do. */
const pure = [
  'path',
  'path/posix',
  'string_decoder',
  'url',
  'querystring',
  'punycode',
  'constants',
  'util/types',
  'zlib/constants',
]

/** Of these, some of what Node has is missing. */
const virtual = ['buffer', 'crypto', 'os', 'perf_hooks', 'util']

/** Why a module is refused, where that is not I/O. */
const reasons: Readonly<Record<string, string>> = {
  'stream/promises': 'its code runs on the real process.nextTick: take `promises` of the module stream',
  stream:
    'its code runs on the real process.nextTick: add the package readable-stream, which is the same code, and it is used instead',
  async_hooks: 'it sees the real event loop',
  vm: 'code of another context would have a real clock',
  module: 'every module must be in the bundle',
  inspector: 'it stops the judge',
}

interface Require {
  (name: string): unknown
  /** What the bundle asks with: the name of a module of Node, and who wants it. */
  onecopy(name: string, asks: string): unknown
  /** What the bundle has instead of Node's streams. */
  streams(module: unknown): unknown
}

/** Puts the globals of Node in place and answers with `require`. */
export function modules(outside: Outside, loop: Loop): Require {
  const global = globalThis as unknown as Record<string, any>
  const { process } = global

  const refuse = (name: string, asks: string): never => {
    const reason = reasons[name] ?? 'native and threaded I/O cannot be made virtual'
    const message = `${asks} requires ${name}, which is refused: ${reason}. Keep it out of the bundle: name a module without it in \`replace\`, or let the driver give the library another transport or store.`
    outside.blame(message)
    throw new Error(message)
  }

  for (const name of ['Buffer', 'URL', 'URLSearchParams', 'TextEncoder', 'TextDecoder', 'DOMException', 'atob', 'btoa'])
    global[name] = outside.builtin('globalThis')[name]
  Object.assign(global, targets(outside, loop))
  for (const name of ['EventTarget', 'Event']) alike(global[name], outside.builtin('globalThis')[name])
  // What Node makes of bytes must be of the classes that the library knows.
  for (const name of [
    'ArrayBuffer',
    'Uint8Array',
    'Int8Array',
    'Uint16Array',
    'Int16Array',
    'Uint32Array',
    'Int32Array',
    'Float32Array',
    'Float64Array',
    'Uint8ClampedArray',
    'BigInt64Array',
    'BigUint64Array',
    'DataView',
  ])
    global[name] = outside.builtin('globalThis')[name]
  // Functions and bytes of Node have the prototypes of its own context.
  for (const name of ['Object', 'Function', 'Array']) alike(global[name], outside.builtin('globalThis')[name])
  for (const name of ['dispose', 'asyncDispose'])
    Object.defineProperty(Symbol, name, { value: outside.builtin('globalThis').Symbol[name] })
  // What Node throws at the library is an error for it, too.
  for (const name of ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'])
    alike(global[name], outside.builtin('globalThis')[name])
  global.global = globalThis
  global.structuredClone = cloner(outside.builtin('globalThis'), global)
  const real = outside.builtin('crypto')
  global.crypto = webcrypto(outside)
  tellOfLacks(outside, 'crypto', global.crypto, Object.getPrototypeOf(real.webcrypto))
  tellOfLacks(
    outside,
    'performance',
    global.performance,
    Object.getPrototypeOf(outside.builtin('perf_hooks').performance),
  )
  delete global.SharedArrayBuffer
  delete global.Atomics
  global.WebAssembly = webAssembly(outside)

  const promised = timers(loop)
  for (const name of ['setTimeout', 'setImmediate'] as const)
    Object.defineProperty(global[name], custom, { value: promised[name] })
  const Emitter = events(outside, loop)
  const kind = { [Symbol.toStringTag]: { value: 'process', configurable: true } }
  Emitter.call(Object.setPrototypeOf(process, Object.create(Emitter.prototype, kind)))
  loop.process = process
  tellOfLacks(outside, 'process', process, outside.builtin('process'))
  tellOfLacks(outside, 'events', Emitter, outside.builtin('events'))
  const made = new Map<string, unknown>([['events', Emitter]])
  const make = (name: string, asks: string): unknown => {
    switch (name) {
      case 'util':
      case 'sys': {
        // What listens to these would throw by the real ticks.
        const { transferableAbortController, transferableAbortSignal, ...rest } = outside.builtin('util')
        return { ...rest, ...quiet, promisify: promisify(outside), callbackify: callbackify(outside, loop), aborted }
      }
      case 'assert':
        return assertions(outside.builtin('assert'))
      case 'assert/strict':
        return (ask('assert', asks) as any).strict
      case 'buffer': {
        // They are read by threads, and know the time.
        const { Blob, File, ...rest } = outside.builtin('buffer')
        return rest
      }
      case 'stream/legacy':
        return legacyStream(outside, Emitter)
      case 'process':
        return process
      case 'console':
        return global.console
      case 'perf_hooks':
        return { performance: global.performance }
      case 'timers':
        return { ...loop.globals, promises: promised }
      case 'timers/promises':
        return promised
      case 'crypto':
        return crypto(outside, loop)
      case 'os':
        return {
          EOL: '\n',
          hostname: () => outside.self,
          platform: () => 'linux',
          type: () => 'Linux',
          arch: () => 'x64',
          release: () => '0',
          tmpdir: () => '/tmp',
          homedir: () => '/',
          cpus: () => [],
          totalmem: () => 0,
          freemem: () => 0,
          loadavg: () => [0, 0, 0],
          uptime: () => process.uptime(),
          networkInterfaces: () => ({}),
          endianness: () => 'LE',
        }
      default:
        return pure.includes(name) ? outside.builtin(name) : refuse(name, asks)
    }
  }

  const ask = (given: string, asks: string): unknown => {
    const name = given.replace(/^node:/, '')
    if (!made.has(name)) {
      const module = make(name, asks)
      made.set(name, module)
      if (virtual.includes(name)) tellOfLacks(outside, name, module, outside.builtin(name))
    }
    return made.get(name)
  }
  // Only names that are put together at run time, or not found by the bundler, come here.
  const require = ((name: string) => {
    if (!name.startsWith('node:') && !outside.builtin('module').builtinModules.includes(name))
      throw Object.assign(new Error(`Cannot find module '${name}': it is not in the bundle`), {
        code: 'MODULE_NOT_FOUND',
      })
    return ask(name, 'a module that puts the name together at run time')
  }) as Require
  require.onecopy = ask
  require.streams = (module: any) => {
    const nodes = outside.builtin('stream')
    tellOfLacks(outside, 'stream', module, nodes)
    for (const name of ['Readable', 'Writable'])
      tellOfLacks(outside, `stream.${name}.prototype`, module[name].prototype, nodes[name].prototype)
    return module
  }
  return require
}

/**
 * What Node has and nobody here is `undefined`, so that a library can do without it. That it was looked for is told, in case
 * that the library cannot.
 */
function tellOfLacks(outside: Outside, name: string, ours: any, nodes: object): void {
  for (const key of Object.getOwnPropertyNames(nodes))
    if (!(key in ours))
      Object.defineProperty(ours, key, {
        configurable: true,
        get: () => void outside.lacks(`${name}.${key}`),
        set: (value) => void Object.defineProperty(ours, key, { value, writable: true, configurable: true }),
      })
}

/** Of `util` what would speak on the real process, as under `node --no-deprecation` and without `NODE_DEBUG`. */
const silent = () => Object.assign(() => undefined, { enabled: false })
const quiet = { deprecate: <T>(method: T): T => method, debuglog: silent, debug: silent }

const custom = Symbol.for('nodejs.util.promisify.custom')

/** Node's own would answer with a promise of another context, whose continuations nobody here would run. */
const promisify = (outside: Outside) =>
  Object.assign(
    (original: any): any => {
      // Node says what it is that is no function.
      if (typeof original !== 'function') return outside.builtin('util').promisify(original)
      const promised =
        original[custom] ??
        function (this: unknown, ...args: unknown[]) {
          return new Promise((resolve, reject) => {
            original.call(this, ...args, (error: unknown, value: unknown) => (error ? reject(error) : resolve(value)))
          })
        }
      if (promised !== original[custom]) {
        Object.setPrototypeOf(promised, Object.getPrototypeOf(original))
        Object.defineProperties(promised, Object.getOwnPropertyDescriptors(original))
      }
      return Object.defineProperty(promised, custom, { value: promised, configurable: true })
    },
    { custom },
  )

const callbackify = (outside: Outside, loop: Loop) => (original: (...args: unknown[]) => Promise<unknown>) => {
  if (typeof original !== 'function') return outside.builtin('util').callbackify(original)
  return function (this: unknown, ...args: any[]) {
    const callback = args.pop()
    if (typeof callback !== 'function') throw noFunction('last')
    original.apply(this, args).then(
      (value) => loop.nextTick(callback.bind(this), null, value),
      (error) => loop.nextTick(callback.bind(this), error || rejectedWith(error)),
    )
  }
}

/** A callback could not tell such a reason from none. */
const rejectedWith = (reason: unknown): Error =>
  Object.assign(new Error('Promise was rejected with falsy value'), { code: 'ERR_FALSY_VALUE_REJECTION', reason })

/** Whatever is an instance of `theirs` is one of `ours`, but of none of its subclasses. */
function alike(ours: any, theirs: any): void {
  const has = Function.prototype[Symbol.hasInstance]
  Object.defineProperty(ours, Symbol.hasInstance, {
    value(this: unknown, x: unknown) {
      return has.call(this as () => void, x) || (this === ours && has.call(theirs, x))
    },
  })
}

/** The base class of old streams, which readable-stream inherits from. */
function legacyStream(outside: Outside, Emitter: any): unknown {
  function Stream(this: unknown, options: unknown): void {
    Emitter.call(this, options)
  }
  const { constructor: _, ...methods } = Object.getOwnPropertyDescriptors(outside.builtin('stream').prototype)
  Object.setPrototypeOf(Object.defineProperties(Stream.prototype, methods), Emitter.prototype)
  Object.setPrototypeOf(Stream, Emitter)
  return Object.assign(Stream, { Stream })
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0')

/** Fills what Node would. */
function fill<T extends ArrayBufferView | ArrayBuffer>(outside: Outside, given: T, offset = 0, size?: number): T {
  const { buffer = given, byteOffset = 0, byteLength, BYTES_PER_ELEMENT: width = 1 } = given as unknown as Uint8Array
  const length = size === undefined ? byteLength - offset * width : size * width
  const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset + offset * width, length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = outside.bits() >>> 24
  return given
}

function randomUUID(outside: Outside): string {
  const bytes = fill(outside, new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const text = [...bytes].map(hex).join('')
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-')
}

/** What Node has drawn is drawn anew; whatever it does not accept it has not accepted. */
const webcrypto = (outside: Outside) => ({
  getRandomValues<T extends ArrayBufferView>(view: T): T {
    outside.builtin('crypto').webcrypto.getRandomValues(view)
    return fill(outside, view)
  },
  randomUUID: () => randomUUID(outside),
})

/** Node's own, which only computes, but for what it compiles in threads: a promise of that nobody here would continue. */
function webAssembly(outside: Outside): unknown {
  const real = outside.builtin('globalThis').WebAssembly
  const { Module, Instance } = real
  const compile = async (bytes: unknown) => new Module(bytes)
  const instantiate = async (given: unknown, imports: unknown) => {
    if (given instanceof Module) return new Instance(given, imports)
    const module = new Module(given)
    return { module, instance: new Instance(module, imports) }
  }
  const { compileStreaming, instantiateStreaming, ...rest } = Object.getOwnPropertyDescriptors(real)
  return Object.assign(Object.defineProperties({}, rest), { compile, instantiate })
}

/** Draws are the run's own; hashes are the real ones; whatever works in threads is missing. */
function crypto(outside: Outside, loop: Loop): unknown {
  const real = outside.builtin('crypto')
  const randomBytes = (size: number, callback?: (error: null, bytes: Uint8Array) => void): unknown => {
    const bytes = fill(outside, outside.builtin('buffer').Buffer.alloc(size))
    return callback === undefined ? bytes : void loop.setImmediate(callback, null, bytes)
  }
  const randomInt = (...args: any[]): unknown => {
    const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined
    const [low, high] = args.length > 1 ? args : [0, args[0]]
    // Node says of these what they are.
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || low >= high || high - low >= 2 ** 48)
      return real.randomInt(...args)
    const drawn = low + Math.floor(outside.real() * (high - low))
    return callback === undefined ? drawn : void loop.setImmediate(callback, null, drawn)
  }
  const randomFillSync = (given: Uint8Array, offset?: number, size?: number): Uint8Array => {
    real.randomFillSync(given, offset, size)
    return fill(outside, given, offset, size)
  }
  return {
    randomBytes,
    pseudoRandomBytes: randomBytes,
    randomInt,
    randomFillSync,
    randomFill(...args: any[]): void {
      const callback = args.at(-1)
      if (typeof callback !== 'function') real.randomFill(...args)
      const filled = randomFillSync(...(args.slice(0, -1) as Parameters<typeof randomFillSync>))
      loop.setImmediate(callback, null, filled)
    },
    webcrypto: (globalThis as any).crypto,
    ...webcrypto(outside),
    createHash: (...args: unknown[]) => noStream(outside, real.createHash(...args)),
    createHmac: (...args: unknown[]) => noStream(outside, real.createHmac(...args)),
    timingSafeEqual: real.timingSafeEqual,
    getHashes: real.getHashes,
    constants: real.constants,
  }
}

/** Hashes of Node are streams, too, which run on the real `process.nextTick`: what they tell would be told too late. */
function noStream(outside: Outside, hash: any): any {
  const refuse = {
    configurable: true,
    get(): never {
      const message = `${outside.self} uses a hash of crypto as a stream: expected update and digest, which only compute, came a write, a pipe or a read, which run on the real process.nextTick. Name a module in \`replace\` that gives update what is to be hashed.`
      outside.blame(message)
      throw new Error(message)
    },
  }
  const { copy } = hash
  return Object.defineProperties(hash, {
    _readableState: refuse,
    _writableState: refuse,
    ...(copy && { copy: { value: (...args: unknown[]) => noStream(outside, copy.apply(hash, args)) } }),
  })
}
