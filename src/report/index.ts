/** A counterexample in, a page out. */
export { causalPast } from './causality.ts'
export type { Exhibit, Interval } from './exhibits.ts'
export { type Explanation, explanationOf } from './explanation.ts'
export { lineChartAsSvg, type Panel } from './line-chart.ts'
export {
  drawRun,
  type PageOptions,
  renderCounterexample,
  renderExplanation,
  renderMarkdown,
  renderStuck,
} from './page.ts'
export { type Chart, chartOf } from './phase-chart.ts'
export { chartAsSvg } from './phase-svg.ts'
export { renderChart } from './phase-text.ts'
export type { Item, Picture, Recipient, Row } from './picture.ts'
export {
  actionInWords,
  inWordsOfAddress,
  inWordsOfDeviation,
  number,
  plural,
  type Surroundings,
  thirdPerson,
  wholeInWords,
} from './words.ts'
