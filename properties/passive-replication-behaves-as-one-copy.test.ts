import { passive } from '../src/protocols/targets/passive-replication.ts'
import { accounts, cell, hire, line, log, lots, map } from '../src/protocols/targets/services.ts'
import { behavesAsOneCopy } from '../test/support/one-copy.ts'

const seen = ['invoke', 'execute', 'apply', 'reply']

behavesAsOneCopy('passive', passive, {
  service: map,
  services: {
    map: [map, seen],
    accounts: [accounts, seen],
    log: [log, seen],
    line: [line, seen],
    cell: [cell, seen],
    lots: [lots, seen],
    hire: [hire, seen],
  },
  seen,
  seed: 23,
})
