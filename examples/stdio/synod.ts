/** The reference synod as a program of its own: one process of it, spoken to over standard input and output. */
import { serve } from '#src/adapters/stdio'
import { synod } from '#src/protocols/synod'
import { StackHost } from '#src/simulator/index'

await serve(new StackHost({ module: synod, below: {} }))
