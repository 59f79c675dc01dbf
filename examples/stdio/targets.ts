/** Programs over stdio as targets. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { stdio } from '#src/adapters/stdio'
import type { Target } from '#src/kernel/target'
import { reliableBroadcastTarget, synodTarget } from '#src/protocols/index'

const cwd = fileURLToPath(new URL('.', import.meta.url))
/** In the package there is only what was built. */
const conditions = existsSync(new URL('../../src', import.meta.url)) ? ['--conditions=source'] : []

/** The reference synod, each process of it a Node process. */
export const synodOverStdio: Target = {
  ...synodTarget,
  name: 'stdio/synod',
  kind: 'adapter',
  says: 'the synod of Paxos, each process a Node process of its own',
  system: stdio({ command: process.execPath, args: [...conditions, '--import', 'tsx', 'synod.ts'], cwd }),
}

/** A reliable broadcast in Python. */
export const echoInPython: Target = {
  ...reliableBroadcastTarget,
  name: 'stdio/echo',
  kind: 'adapter',
  says: 'reliable broadcast by eager relay, each process a Python process',
  system: stdio({ command: 'python3', args: ['echo.py'], cwd }),
}
