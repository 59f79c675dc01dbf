/** Histories that were recorded elsewhere, to be judged by what their clients have seen. */
export { EdnError } from './edn.ts'
export { operations } from './events.ts'
export {
  HistoryError,
  jepsenHistory,
  keyValueMeanings,
  type Meaning,
  type Meanings,
  type Recorded,
  registerMeanings,
} from './jepsen.ts'
