/**
 * Election of a leader for each term, by votes: the first half of Raft.
 *
 * D. Ongaro and J. Ousterhout. In Search of an Understandable Consensus
 * Algorithm. USENIX ATC 2014, §5.2.
 *
 * Whoever campaigns opens the next term and asks for votes. A process votes
 * once in a term, for the first that asks; with the votes of a majority one
 * leads that term.
 */
import type { Module, Process, Shape } from 'onecopy'

export interface Election extends Shape {
  port: { request: { readonly kind: 'campaign' }; indication: never }
  message: { readonly kind: 'ask'; readonly term: number } | { readonly kind: 'grant'; readonly term: number }
  timer: never
  below: {}
  stable: null
  rules: typeof rules
}

const rules = {
  mayVote: (term: number, votedIn: number): boolean => term > votedIn,
}

const initial = () => ({
  term: 0,
  votedIn: 0,
  leads: false,
  votes: new Set<Process>(),
})
export type State = ReturnType<typeof initial>

export const election: Module<Election, State> = {
  name: 'election',
  rules,
  initial,

  upon: {
    campaign(_, s, me) {
      s.term++
      s.leads = false
      s.votes.clear()
      me.sendAll({ kind: 'ask', term: s.term })
    },
  },

  receive: {
    ask({ term }, s, me, from) {
      if (term > s.term) {
        s.term = term
        s.leads = false
      }
      if (!me.rules.mayVote(term, s.votedIn)) return
      s.votedIn = term
      me.send(from, { kind: 'grant', term })
    },

    grant({ term }, s, me, from) {
      if (term !== s.term) return
      s.votes.add(from)
      s.leads = s.votes.size > me.processes.length / 2
    },
  },

  expire: {},
  from: {},
}
