/** The memory of a thread that does nothing but runs. */
import { setFlagsFromString } from 'node:v8'

/**
 * Megabytes of what a run makes and leaves behind, nearly all of it within microseconds: the more of it there may be before
 * V8 clears up, the less is still in use then. It starts with 1 MB and rarely gets far beyond 8 by itself. More than 16 it
 * must not be: a thread that has reached its limit gets so much more to end a collection (Node, src/node_worker.cc), and if
 * all that is young is still in use, as where code under test hoards, anything beyond that ends the whole process.
 */
export const semiSpace = 16

/**
 * Megabytes that may be kept of what has lived for long. Libraries in process leave contexts behind with every run, garbage
 * that V8 is in no hurry to collect: 1,500 runs of liferaft in one thread took 489 MB at their peak with a limit of 8 GB,
 * and 215 MB with this one. The young generation is three semi-spaces at most.
 */
export const memory = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 3 * semiSpace }

/**
 * V8 takes as its first size for a new thread what the flag says when that starts; the limits of a thread have no say in it.
 * The flag is of the whole process: other threads that are started later have as much room.
 */
export const giveRoom = (): void => setFlagsFromString(`--min-semi-space-size=${semiSpace}`)
