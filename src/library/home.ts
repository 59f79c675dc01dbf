/** The folder of a project: what files say of modules is meant from there, wherever in it a command is given. */
import { existsSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'

const names = ['ts', 'mts', 'js', 'mjs'].map((extension) => `onecopy.config.${extension}`)

/** The configuration of the nearest folder that has one, from `folder` upwards. */
export function nearestConfig(folder: string = process.cwd()): string | undefined {
  const found = names
    .map((name) => join(folder, name))
    .find((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
  const above = dirname(folder)
  return found ?? (above === folder ? undefined : nearestConfig(above))
}

/** That of the configuration, or else the working directory. */
function home(): string {
  const config = nearestConfig()
  return config === undefined ? process.cwd() : dirname(config)
}

/** Where a path leads: from the working directory, or else from home. */
export function located(path: string): string {
  const here = resolve(path)
  const there = resolve(home(), path)
  return !existsSync(here) && existsSync(there) ? there : here
}

/** What a file says of a module: its path from home, or as it was given if it is not inside. */
export function fromHome(path: string): string {
  const inside = relative(home(), located(path))
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside
}
