/**
 * Code in any language, as a child process for each replica, in lock-step over standard input and output.
 *
 * `docs/stdio.md` describes the protocol for whoever writes such a program.
 */
import type { Host } from '../kernel/host.ts'
import type { Program } from './stdio/child.ts'
import { StdioHost, type Trust } from './stdio/host.ts'

export type { Program } from './stdio/child.ts'
export { StdioHost, type Trust } from './stdio/host.ts'
export { protocol, version } from './stdio/protocol.ts'
export { serve } from './stdio/serve.ts'

/** What `Target.system` accepts: makes a host that runs this program once for each process. */
export const stdio =
  (program: Program & Trust): (() => Host) =>
  () =>
    new StdioHost(program)
