import { semiActive } from '../src/protocols/targets/semi-active-replication.ts'
import { accounts, hire, lots, map } from '../src/protocols/targets/services.ts'
import { behavesAsOneCopy } from '../test/support/one-copy.ts'

const seen = ['invoke', 'apply', 'reply']
const withChoices = [...seen, 'execute']

behavesAsOneCopy('semi-active', semiActive, {
  service: lots,
  services: {
    lots: [lots, withChoices],
    hire: [hire, withChoices],
    // These leave nothing to a leader.
    map: [map, seen],
    accounts: [accounts, seen],
  },
  seen: withChoices,
  seed: 25,
})
