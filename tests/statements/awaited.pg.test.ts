import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { ACTOR, BANK, bankList, createHubBed, HOSPITAL } from './hub-bed.ts'

let bed: Awaited<ReturnType<typeof createHubBed>>
beforeAll(async () => void (bed = await createHubBed()))
afterAll(() => bed.close())

const SCOPES = ['events:read', 'reconciliation:read'] as const

async function told(): Promise<string[]> {
  const { events } = await bed.hub.partners.eventFeed(HOSPITAL, SCOPES, { after: 0, limit: 100 })
  return events.map(({ type, data }) => {
    const { source, date, state } = data as Record<string, string>
    return [type, source, date, state].join(' ')
  })
}

it('[B2] F-101 a list that is late is told, a missing one is a person’s until it comes', async () => {
  const { hub, at, cases, place, clock } = bed
  const bank = { name: '滨海银行', kind: 'bank' as const, scopes: [...SCOPES] }
  await hub.partners.registerApplication(HOSPITAL, bank, ACTOR)
  await hub.statementFiles.schedule(HOSPITAL, BANK, ACTOR)
  await at('2026-11-21', '09:59:00')
  expect(await told()).toEqual([])
  await at('2026-11-21', '10:00:00')
  expect(await told()).toEqual(['statements.late icbc-main 2026-11-20 late'])
  expect(await cases()).toEqual([])
  await at('2026-11-21', '12:00:00')
  expect(await told()).toEqual([
    'statements.late icbc-main 2026-11-20 late',
    'statements.missing icbc-main 2026-11-20 missing',
  ])
  const missing = 'statement_missing statement_file:2026-11-20:icbc-main 0 statement_missing'
  expect(await cases()).toEqual([`${missing} open`])

  writeFileSync(join(place, 'bill_20261120.csv'), bankList('2026-11-20', 'B1 +1.00'))
  await at('2026-11-21', '12:30:00')
  await at('2026-11-21', '12:31:00')
  expect(await cases()).toEqual([`${missing} statement_arrived`])

  // Told late, when the list is there already, a missing list is nobody's any more.
  await hub.callsForPersons.onListMissing({
    hospitalId: HOSPITAL,
    source: BANK.source,
    date: BANK.firstDate,
    state: 'missing',
    reason: null,
  })
  expect(await cases()).toHaveLength(1)
  expect(clock.now()).toEqual(new Date('2026-11-21T12:31:00+08:00'))
})

it('[B2] F-103 a list that came and was refused is a person’s too, with why', async () => {
  const { at, cases, place, failures } = bed
  writeFileSync(join(place, 'bill_20261121.csv'), 'nothing of this is a list')
  await at('2026-11-22', '08:00:00')
  await at('2026-11-22', '08:01:00')
  await at('2026-11-22', '12:00:00')
  expect(await told()).toContain('statements.missing icbc-main 2026-11-21 refused')
  const [, refused] = await cases()
  expect(refused).toMatch(
    /^statement_refused statement_file:2026-11-21:icbc-main 0 layout: .* open$/,
  )
  writeFileSync(join(place, 'bill_20261121.csv'), bankList('2026-11-21', 'B2 +1.00'))
  await at('2026-11-22', '13:00:00')
  await at('2026-11-22', '13:01:00')
  expect((await cases())[1]).toMatch(/ statement_arrived$/)
  expect(failures).toEqual([])
})
