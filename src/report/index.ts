/** A counterexample in, a page out. */
export { causalPast } from './causality.ts'
export { type Explanation, explanationOf } from './explanation.ts'
export { drawRun, type PageOptions, renderCounterexample, renderExplanation, renderMarkdown } from './page.ts'
export type { Item, Picture, Recipient, Row } from './picture.ts'
export { inWordsOfAddress, inWordsOfDeviation, type Surroundings } from './words.ts'
