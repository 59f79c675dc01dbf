/** What is on disk is what was written, whatever becomes of it in memory. */
import { expect, test } from 'vitest'
import { Disk } from '../../src/simulator/disk.ts'

test('whoever changes what it has read has not written it', () => {
  const disk = new Disk()
  disk.write('log', ['a'], undefined)
  disk.sync()
  const read = () => disk.recover('lost').get('log')
  ;(read() as string[]).push('b')
  expect(read()).toEqual(['a'])
})
