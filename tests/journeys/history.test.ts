import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { checkInvariants } from '../../apps/cli/invariants/index.ts'
import { DEMO_PASSWORD, staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { createApiClient } from '../../apps/cli/simulate/api-client.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addDays, businessDateOf } from '../../kernel/time.ts'
import { systemClock } from '../../platform/system.ts'
import { type Sandbox, startSandbox } from '../setup/sandbox.ts'

// A region that has lived a day before it is first seen.

const COMMAND = join(import.meta.dirname, '../../bin/yiqiao')
const HOSPITAL = 1 as HospitalId

describe('a region with a day behind it', () => {
  let sandbox: Sandbox
  const yesterday = addDays(businessDateOf(systemClock.now()), -1)
  beforeAll(async () => {
    sandbox = await startSandbox(undefined, ['--history', '1'])
  })
  afterAll(() => sandbox?.stop())

  it('shows its finance what was paid yesterday, and the day on its way to being compared', async () => {
    const client = createApiClient(sandbox.hubUrl, { duringOperation: (work) => work() })
    const finance = await client.signIn('console', staffLogin(HOSPITAL), DEMO_PASSWORD)
    const day = await finance.financeDay(HOSPITAL, yesterday)
    expect(day.ok && day.body.moves.length).toBeGreaterThan(0)
    const path = `/v1/hospitals/${HOSPITAL}/reconciliation/days?from=${yesterday}&to=${yesterday}`
    const days = await finance.get<{ items: { date: string }[] }>(path)
    expect(days.ok && days.body.items.map(({ date }) => date)).toEqual([yesterday])
  })

  it('breaks no invariant by going on with the real time', async () => {
    const found = await checkInvariants({ url: sandbox.databaseUrl, now: systemClock.now() })
    expect(found.filter(({ violations }) => violations !== 0)).toEqual([])
  })
})

it('throws nothing away that no sandbox has written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'yiqiao-not-ours-'))
  await writeFile(join(folder, 'thesis.txt'), 'years of work')
  const up = promisify(execFile)(COMMAND, ['up', '--fresh', '--data', folder])
  await expect(up).rejects.toThrow(/is not the data of a sandbox/)
  expect(await readdir(folder)).toEqual(['thesis.txt'])
  await rm(folder, { recursive: true })
})
