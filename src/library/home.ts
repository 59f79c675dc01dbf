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

/** Where a path on the command line leads: from the working directory, or else from home. */
export const located = (path: string): string => firstOf(resolve(path), resolve(home(), path))

/** Where a path in a file leads: from home, or else from the working directory. */
export const meant = (path: string): string => firstOf(resolve(home(), path), resolve(path))

const firstOf = (one: string, other: string): string => (!existsSync(one) && existsSync(other) ? other : one)

/** What a file says of a module: its path from home; without a configuration as it was given, if it is not inside. */
export function fromHome(path: string): string {
  const inside = relative(home(), located(path))
  const outside = inside.startsWith('..') || isAbsolute(inside)
  return outside && nearestConfig() === undefined ? path : inside
}
