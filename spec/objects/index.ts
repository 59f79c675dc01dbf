/** Objects to replicate. */
export { appendLog } from './append-log.ts'
export { bank } from './bank.ts'
export { keyValue } from './key-value.ts'
export { lease } from './lease.ts'
export { lottery } from './lottery.ts'
export { queue } from './queue.ts'
export { register } from './register.ts'
