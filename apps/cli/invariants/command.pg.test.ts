import { sql } from 'kysely'
import { afterEach, expect, it, vi } from 'vitest'

import { openDb } from '../../../platform/db.ts'
import { createTestDatabase } from '../../../platform/testing/database.ts'
import type { InvariantResult } from './check.ts'
import { invariantsCommand } from './command.ts'
import { readInvariants } from './invariant.ts'

afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})

async function run(...args: string[]) {
  const printed = { stdout: '', stderr: '' }
  const keep = (stream: 'stdout' | 'stderr') =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += String(text)
      return true
    })
  keep('stdout')
  keep('stderr')
  await invariantsCommand().parseAsync(args, { from: 'user' })
  const code = process.exitCode
  vi.restoreAllMocks()
  return { code, ...printed }
}

it('ends with 0 when all holds, and its last line counts', async () => {
  await using database = await createTestDatabase()
  const { code, stdout } = await run('--database-url', database.url, '--role', 'yiqiao_app')
  expect(code).toBe(0)
  expect(stdout).toMatch(new RegExp(`\\n${readInvariants().length} passed, 0 failed\\n$`))
})

it('ends with 1 when something is broken, and says it to programs too', async () => {
  await using database = await createTestDatabase()
  const owner = openDb({ url: database.url })
  await sql`grant delete on ledger.entry to yiqiao_app`.execute(owner)
  await owner.destroy()
  const { code, stdout } = await run('--database-url', database.url, '--json')
  expect(code).toBe(1)
  const results = JSON.parse(stdout) as InvariantResult[]
  expect(results.filter(({ state }) => state === 'broken')).toMatchObject([
    { id: 'I2', violations: 1, sample: ['ledger.entry may be changed: delete'] },
  ])
})

it('ends with 2 when the database cannot be read', async () => {
  const { code, stdout, stderr } = await run('--database-url', 'postgres://nobody@127.0.0.1:1/none')
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^the database cannot be checked: .*ECONNREFUSED/)
})
