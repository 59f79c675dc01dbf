/** Whoever decides what happens next: policies, schedules, and the way from the first to the second. */
export { enumerated } from './exhaustive.ts'
export { explain } from './explain.ts'
export { schedules } from './few.ts'
export { legal, overstepped } from './legality.ts'
export { benignSchedule, type Choice, Chooser, type Policy, policies } from './policies.ts'
export { profileOf } from './profile.ts'
export { Script } from './script.ts'
