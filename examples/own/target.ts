/** A protocol of one's own, judged by a specification that comes with onecopy and by one of one's own. */
import { messages, mutate, specifications, type Target } from 'onecopy'
import { FifoBroadcast } from './fifo-order.ts'
import { type Sequencer, type State, sequencer } from './sequencer.ts'

export const total: Target = {
  name: 'sequencer',
  kind: 'protocol',
  says: 'atomic broadcast by a fixed sequencer',
  source: 'Défago, Schiper and Urbán, ACM Computing Surveys 36(4), 2004, §4.1',
  specifications: { sequencer: specifications.AtomicBroadcast },
  processes: [3, 2],
  assumptions: {
    faulty: 'none',
    crashes: false,
    recovery: 'none',
    omissions: 'none',
    links: 'reliable',
    duplicates: false,
    fifo: false,
    detector: 'none',
    drift: true,
  },
  because: {
    faulty: 'a sequencer that stops leaves everybody without an order',
    fifo: 'numbers restore the order in which the sequencer has sent',
  },
  mustSee: ['abcast', 'adeliver'],
  workload: messages('abcast'),
  system: { module: sequencer, below: {} },
}

/** Nothing puts two submissions of one process back into their order. */
export const fifo: Target = {
  ...total,
  name: 'sequencer/fifo-order',
  says: 'the same, asked for the order of each sender as well',
  specifications: { sequencer: FifoBroadcast },
}

/** The same over links that keep the order of what they carry. */
export const fifoLinks: Target = {
  ...fifo,
  name: 'sequencer/fifo-links',
  says: 'the order of each sender, over FIFO links',
  assumptions: { ...total.assumptions, fifo: true },
  because: { ...total.because, fifo: 'assumed, as TCP gives it while no connection breaks' },
}

export const eager: Target = {
  ...total,
  name: 'sequencer/eager',
  kind: 'mutant',
  says: 'a message is delivered when it arrives, in whatever order',
  violates: 'Atomic Broadcast: Uniform Prefix Order',
  system: { module: mutate<Sequencer, State>(sequencer, { rules: { due: () => true } }), below: {} },
}
