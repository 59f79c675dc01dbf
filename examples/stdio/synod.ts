/** The reference synod as a program of its own: one process of it, spoken to over standard input and output. */
import { serve } from '../../src/adapters/stdio.ts'
import { synod } from '../../src/protocols/synod.ts'
import { StackHost } from '../../src/simulator/index.ts'

await serve(new StackHost({ module: synod, below: {} }))
