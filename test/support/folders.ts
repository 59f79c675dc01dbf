import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** Makes new folders for the tests of the file that calls this, which are gone after them. */
export function folders(): () => string {
  const place = mkdtempSync(join(tmpdir(), 'onecopy-'))
  afterAll(() => rmSync(place, { recursive: true, force: true }))
  return () => mkdtempSync(join(place, 'test-'))
}
