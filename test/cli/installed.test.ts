/** Projects in which the package is installed. */
import { cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folders } from '../support/folders.ts'
import { onecopy, root } from './onecopy.ts'

const folder = folders()

test('what is imported of onecopy is known again where TypeScript is CommonJS, as in a project of `npm init`', async () => {
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

test('a target that finds another copy than the one whose command runs is not judged', async () => {
  const cwd = folder()
  const copy = join(cwd, 'node_modules/onecopy')
  for (const part of ['package.json', 'dist/src', 'dist/spec'])
    cpSync(join(root, part), join(copy, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
  writeFileSync(
    join(cwd, 'target.mjs'),
    `import { active, objects } from 'onecopy'
     export const register = active('register', { object: objects.register, draw: () => ({ function: 'read', arguments: [] }) })`,
  )
  const { code, stdout, stderr } = await onecopy(['check', './target.mjs', '--runs', '20', '--workers', '1'], { cwd })
  expect(code, stdout + stderr).toBe(4)
  expect(stdout).toContain(`the copy of onecopy that judges it, ${join(root, 'dist')}`)
  expect(stdout).toContain(`but it imports another, ${realpathSync(copy)}`)
})
