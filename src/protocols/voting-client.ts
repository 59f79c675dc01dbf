/**
 * A client that believes no single replica, but f + 1 that say the same.
 *
 * F. Schneider. Implementing Fault-Tolerant Services Using the State Machine
 * Approach: A Tutorial. ACM Computing Surveys 22(4), 1990, §4; J. Yin, J.-P.
 * Martin, A. Venkataramani, L. Alvisi and M. Dahlin. Separating Agreement from
 * Execution for Byzantine Fault Tolerant Services. SOSP 2003.
 *
 * Of n = 2f + 1 replicas that execute every request f may answer what they
 * like. It asks all of them. Among f + 1 there is a correct one, so that what
 * they say is true; and there are f + 1 correct ones, so that it will be said.
 *
 * Whoever counts the votes is believed. This process may be taken for a client,
 * or for a client and a proxy that it trusts; a replica that counted for it
 * might lie about the outcome.
 */
import type { Process } from '../../spec/language.ts'
import { type Plain, same } from '../../spec/values.ts'
import type { Module } from '../kernel/module.ts'
import { type State as Asking, accept, allAtOnce, type Client, client } from './client.ts'

export interface VotingClient extends Omit<Client, 'rules'> {
  rules: Client['rules'] & typeof rules
}

const rules = {
  /** Whose vote a reply is: a replica has one, however often it replies, and may change its mind. */
  voter: (replica: Process, _votes: number): string => replica,
  /** Whether a vote is one for this value. */
  supports: (vote: Plain, value: Plain): boolean => same(vote, value),
  /** How many votes one value needs: f + 1, where f is the largest minority. */
  needed: (n: number, _votes: number): number => Math.ceil(n / 2),
}

export type State = Asking & {
  /** For the open request, by voter. */
  readonly votes: Map<string, Plain>
}

/** The voting client of the service whose replicas have a layer of this name. */
export function votingClient(service: string): Module<VotingClient, State> {
  // All replicas execute, and all are to vote.
  const asking = client(service, allAtOnce)
  return {
    ...asking,
    rules: { ...asking.rules, ...rules },
    initial: (...start) => ({ ...asking.initial(...start), votes: new Map() }),

    receive: {
      ...asking.receive,

      reply({ request, value }, s, me, p) {
        if (s.open === undefined || !me.rules.answers(request, s.open.request)) return
        s.votes.set(me.rules.voter(p, s.votes.size), value)
        const votes = [...s.votes.values()].filter((vote) => me.rules.supports(vote, value)).length
        if (votes < me.rules.needed(me.processes.length, s.votes.size)) return
        s.votes.clear()
        accept(value, s, me)
      },
    },
  }
}
