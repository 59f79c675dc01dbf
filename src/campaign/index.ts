/** Many runs, and what came of them. */
export {
  type CampaignResult,
  type CoverageResult,
  campaign,
  type Progress,
  type PropertyResult,
  shrinkAgain,
} from './campaign.ts'
export { alone, type Hand, whoRuns } from './crew.ts'
export { countedIn, lacking } from './exercised.ts'
export { explore, Labs, type Stretch, saysSomething } from './explore.ts'
export {
  demandVersion,
  lineOf,
  MalformedFile,
  type Misfit,
  malformed,
  misfitInWords,
  misfitOfForm,
  misfitOfIssue,
  readCounterexample,
  writeCounterexample,
} from './file.ts'
export { importModule, whyNot } from './import.ts'
export { investigate } from './investigate.ts'
export { loadTargets, misfitOfTarget } from './load.ts'
export { beyond, type Place, type Plan, place, type Reference, type Shard, shareOf } from './options.ts'
export { inWords } from './reason.ts'
export { replay } from './replay.ts'
export type { Drawn, Inspected } from './tasks.ts'
export { weakest } from './weakest.ts'
