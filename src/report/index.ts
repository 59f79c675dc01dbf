/** A counterexample in, a page out. */
export { causalPast } from './causality.ts'
export { explanationOf } from './explanation.ts'
export { lineChartAsSvg, type Panel } from './line-chart.ts'
export {
  drawRun,
  renderCounterexample,
  renderExplanation,
  renderMarkdown,
  renderStuck,
} from './page.ts'
export { chartOf } from './phase-chart.ts'
export { chartAsSvg } from './phase-svg.ts'
export { renderChart } from './phase-text.ts'
export { flow } from './text.ts'
export {
  actionInWords,
  inWordsOfDeviation,
  list,
  number,
  plural,
  thirdPerson,
  wholeInWords,
} from './words.ts'
