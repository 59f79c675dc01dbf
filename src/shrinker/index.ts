/** Schedule in, smaller schedule out. */
export { smaller } from './measure.ts'
export { type Reproduction, type Shrinking, type ShrinkOptions, shrink } from './shrink.ts'
