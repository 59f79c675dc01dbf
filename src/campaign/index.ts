/** Many runs, and what came of them. */
export {
  type CampaignOptions,
  type CampaignResult,
  campaign,
  type Progress,
  type PropertyResult,
  shrinkAgain,
} from './campaign.ts'
export { alone, type Crew, type Hand } from './crew.ts'
export { explore, Labs, type Stretch } from './explore.ts'
export { MalformedFile, malformed, readCounterexample, writeCounterexample } from './file.ts'
export { investigate, inWords, stepsOf } from './investigate.ts'
export { loadTarget, loadTargets } from './load.ts'
export { beyond, type Plan, place, type Reference } from './options.ts'
export { type Replayed, replay } from './replay.ts'
export type { Inspected } from './worker.ts'
