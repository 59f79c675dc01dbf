/** A project whose TypeScript is CommonJS, as that of `npm init` is, in which the package is installed. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folders } from '../support/folders.ts'
import { onecopy, root } from './onecopy.ts'

const folder = folders()

test('what it imports of onecopy is known again', async () => {
  const cwd = folder()
  mkdirSync(join(cwd, 'node_modules'))
  symlinkSync(root, join(cwd, 'node_modules/onecopy'), 'junction')
  writeFileSync(join(cwd, 'package.json'), '{ "type": "commonjs" }')
  writeFileSync(
    join(cwd, 'targets.ts'),
    `import { active, define, invariant, snapshot, type Target, text, withInvariants } from 'onecopy'

     const object = {
       name: 'box',
       variables: { held: null },
       functions: { put: define([text], (box, [it]) => box.set('held', it)), snapshot },
     }
     const box = active('box', { object, draw: () => ({ function: 'put', arguments: ['it'] }) })
     export const watched: Target = withInvariants<object, { kind: 'seen' }>(box, {
       name: 'Nothing',
       source: 'assumed',
       layer: 'active',
       see: () => ({ kind: 'seen' }),
       invariants: [invariant('Nothing', 'Nothing is claimed.', function* () {})],
     })`,
  )
  const { code, stdout, stderr } = await onecopy(['check', 'targets.ts', '--runs', '20', '--workers', '1'], { cwd })
  expect(code, stdout + stderr).toBe(0)
  expect(stdout).toMatch(/ put answered, .* seen, .* snapshot answered/)
})
