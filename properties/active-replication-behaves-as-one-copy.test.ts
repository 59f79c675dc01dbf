import { active } from '../src/protocols/targets/active-replication.ts'
import { accounts, cell, line, log, map } from '../src/protocols/targets/services.ts'
import { behavesAsOneCopy } from '../test/support/one-copy.ts'

const seen = ['invoke', 'apply', 'reply']

behavesAsOneCopy('active', active, {
  service: map,
  services: { map: [map, seen], accounts: [accounts, seen], log: [log, seen], line: [line, seen], cell: [cell, seen] },
  seen,
  seed: 21,
})
