/** Schedule in, smaller schedule out. */
export { measure, smaller } from './measure.ts'
export { type Reproduction, type Shrinking, type ShrinkOptions, shrink } from './shrink.ts'
