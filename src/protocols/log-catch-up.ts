/**
 * Integration by the log: a joiner learns all that was ordered since the
 * beginning, and has no say until it has caught up.
 *
 * D. Ongaro. Consensus: Bridging Theory and Practice. PhD thesis, Stanford,
 * 2014, §4.2.1, on servers that join as non-voting members.
 *
 * Entry by entry the joiner fetches the log of a member, which goes on growing,
 * and executes it as it comes. When it has all that there is, it asks for a
 * place in the order. What has come before that place meanwhile it fetches as
 * well; what comes behind it hears like the others. Members keep the log, and
 * take no snapshots.
 */
import type { Process } from '../../spec/language.ts'
import type { Module } from '../kernel/module.ts'
import { foundersOf } from './group.ts'
import { founded } from './membership.ts'
import {
  announce,
  catchUp,
  fetch,
  isAsked,
  type Me,
  type OnlineTransfer,
  type Ordered,
  onlineTransfer,
  type State,
  take,
  type Wanted,
} from './online-transfer.ts'

/** Over an atomic broadcast that the stack calls `abcast`. */
export const logCatchUp: Module<OnlineTransfer, State> = {
  ...onlineTransfer,

  rules: {
    ...onlineTransfer.rules,
    begins(s, me) {
      s.stage = 'learning'
      s.log = []
      s.group = founded(foundersOf(me.processes))
      me.indicate({ kind: 'install', parts: [] })
      me.indicate({ kind: 'members', members: s.group.members })
      fetch(s, me)
    },
    admits() {},
    fetched: ({ log }) => log.length,
    records(ordered, s, me) {
      s.log.push(ordered)
      const { awaited } = s
      s.awaited = new Map()
      for (const [joiner, wanted] of awaited) donate(joiner, wanted, s, me)
    },
  },

  receive: {
    ...onlineTransfer.receive,

    fetch(wanted, s, me, joiner) {
      donate(joiner, wanted, s, me)
    },

    chunk({ incarnation, number, chunk, of }, s, me, donor) {
      if (!isAsked(donor, incarnation, s) || number !== s.log.length) return
      const entry = chunk as Ordered
      const [what, p, which] = entry
      take(entry, s, me)
      if (what === 'join' && p === me.self && which === s.incarnation) catchUp(s, me)
      else if (s.stage === 'learning' && s.log.length === of) announce(s, me)
      else fetch(s, me)
    },

    /** Its own place may be the first in the order: all others may be waiting for what only it does, as a primary. */
    empty({ incarnation }, s, me, donor) {
      if (isAsked(donor, incarnation, s) && s.stage === 'learning') announce(s, me)
    },
  },
}

/** Sends a joiner the entry that it waits for, once there is one. */
function donate(joiner: Process, wanted: Wanted, { stage, log, awaited }: State, me: Me): void {
  const { incarnation, number } = wanted
  if (stage !== 'active')
    me.send(joiner, { kind: 'decline', incarnation, because: `the log of ${me.self}: it is no member` })
  else if (number < log.length)
    me.send(joiner, { kind: 'chunk', incarnation, number, chunk: log[number]!, of: log.length })
  else {
    if (log.length === 0) me.send(joiner, { kind: 'empty', incarnation })
    awaited.set(joiner, wanted)
  }
}
