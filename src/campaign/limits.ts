/** The thread that does nothing but runs: how much memory it has, and that it can be ended. */
import { setFlagsFromString } from 'node:v8'

const v8 = Number.parseInt(process.versions.v8, 10)

/**
 * Megabytes of what a run makes and leaves behind, nearly all of it within microseconds: the more of it there may be before
 * V8 clears up, the less is still in use then. It starts with 1 MB and rarely gets far beyond 8 by itself. More than 16 it
 * must not be: a thread that has reached its limit gets so much more to end a collection (Node, src/node_worker.cc), and if
 * all that is young is still in use, as where code under test hoards, anything beyond that ends the whole process. V8 12.4
 * (Node 22) needs half of that for itself: with 16, three of twelve threads that hoarded ended their process.
 */
export const semiSpace = v8 === 12 ? 8 : 16

/**
 * Megabytes that may be kept of what has lived for long. Libraries in process leave contexts behind with every run, garbage
 * that V8 is in no hurry to collect: 1,500 runs of liferaft in one thread took 489 MB at their peak with a limit of 8 GB,
 * and 215 MB with this one. The young generation is three semi-spaces at most.
 */
export const memory = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 3 * semiSpace }

/**
 * Flags of V8, which hold for the whole process: for all threads that are started later.
 *
 * The first size of the young generation is what its flag says when a thread starts; the limits of a thread have no say in
 * it. And where V8 takes a loop for one of few turns, to be unrolled, it leaves out the place at which a thread can be
 * ended: V8 13.6 (Node 24) does so in `for (;;) new Array(1000).fill('a')`, which goes on whatever its limits are and whoever
 * terminates it.
 */
export function prepareForThreads(): void {
  setFlagsFromString(`--min-semi-space-size=${semiSpace}`)
  // One that is older, of Node 20, complains about the flag.
  if (v8 >= 12) setFlagsFromString('--no-turboshaft-loop-unrolling')
}
