/** `onecopy list`: the targets that have names, and the properties that are judged. */
import pc from 'picocolors'
import { specifications, targets } from '../library/registry.ts'
import { version } from '../version.ts'
import { page, print, printLines } from './output.ts'

export function list(json: boolean): number {
  const rows = targets.map(({ name, kind, says, specifications, violates, source }) => ({
    name,
    kind,
    says,
    specifications: [...new Set(Object.values(specifications).map(({ name }) => name))],
    ...(violates === undefined ? {} : { violates }),
    source,
  }))
  const properties = specifications.flatMap(({ name: specification, properties, variants }) =>
    [...properties, ...variants].map(({ name, says, kind }) => ({ name, specification, says, kind })),
  )
  if (json) {
    print(`${JSON.stringify({ version, targets: rows, properties }, null, 2)}\n`)
    return 0
  }
  const { bold, dim } = pc.createColors(page().colours)
  for (const [kind, title] of [
    ['protocol', 'Protocols'],
    ['mutant', 'Mutants, and what each violates'],
    ['benign-variant', 'Benign variants, which violate nothing'],
  ]) {
    print(`${bold(title!)}\n`)
    for (const row of rows.filter((row) => row.kind === kind))
      printLines(`  ${row.name.padEnd(38)} ${row.says}${row.violates === undefined ? '' : dim(`  (${row.violates})`)}`)
  }
  print(`${bold('Properties')}\n`)
  for (const { specification, name, kind, says } of properties)
    printLines(`  ${`${specification}: ${name}`.padEnd(46)} ${dim(kind.padEnd(8))} ${says}`)
  return 0
}
