/** The targets that have names. */
import { bugs } from '../bugs/index.ts'
import type { Target } from '../kernel/target.ts'
import { protocols } from '../protocols/index.ts'

export const targets: readonly Target[] = [...protocols, ...bugs]

/** Where workers find them. */
export const url = import.meta.url
