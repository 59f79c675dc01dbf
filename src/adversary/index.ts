/** Whoever decides what happens next: policies, schedules, and the way from the first to the second. */
export { genus, parse } from './address.ts'
export { enumerated } from './exhaustive.ts'
export { explain } from './explain.ts'
export { schedules } from './few.ts'
export { culprit, legal, overstepped } from './legality.ts'
export { benignSchedule, type Choice, Chooser, type Policy, policies } from './policies.ts'
export { type Profile, profileOf } from './profile.ts'
export { Script } from './script.ts'
