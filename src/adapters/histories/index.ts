/** Histories that were recorded elsewhere, to be judged by what their clients have seen. */
export { operations } from './events.ts'
export {
  HistoryError,
  jepsenHistory,
  keyValueMeanings,
  type Meanings,
  type Recorded,
  registerMeanings,
} from './jepsen.ts'
