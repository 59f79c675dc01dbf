/** Many runs, and what came of them. */
export { type CampaignOptions, type CampaignResult, campaign, type Progress, type PropertyResult } from './campaign.ts'
export { explore, Labs, type Stretch } from './explore.ts'
export { MalformedFile, readCounterexample, writeCounterexample } from './file.ts'
export { investigate, inWords, stepsOf } from './investigate.ts'
export { loadTarget, loadTargets } from './load.ts'
export { beyond, type Plan, place, type Reference } from './options.ts'
export { type Replayed, replay } from './replay.ts'
