import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { addDays, addMs, businessDateOf, MINUTE_MS } from '../../kernel/time.ts'
import type { ComparedList } from './index.ts'
import { bankTerms, type Bed, HOSPITAL, openBed } from './testing/bed.ts'

let bed: Bed

beforeAll(async () => {
  bed = await openBed()
  await bed.ask('PUT', '/icbc', bankTerms())
  await bed.tier('icbc', 'core')
})
afterAll(() => bed.close())

/** So many of a hundred rows of yesterday differ, as is found now and told to the channels. */
async function found(differences: number, source = 'icbc'): Promise<void> {
  const compared: ComparedList = {
    businessDate: addDays(businessDateOf(bed.clock.now()), -1),
    comparedAt: bed.clock.now(),
    rows: 100,
    differences,
    amountFen: fen(100_000),
    differenceFen: fen(differences * 1_000),
  }
  bed.facts.lists = { arrivals: [], comparisons: [compared] }
  await bed.channels.onListCompared({ hospitalId: HOSPITAL, source })
}

const alerts = async (query = '?state=open') => (await bed.ask('GET', `/alerts${query}`)).body.items

it('[S2] a list that does not agree opens an alert, once, with what differs', async () => {
  await found(1)
  expect(await alerts()).toEqual([])
  await found(3)
  await found(3)
  expect(await alerts()).toMatchObject([
    {
      channel: 'icbc',
      class: 'differences',
      figures: { rows: 100, differences: 3, differencesPpm: 30_000, differenceFen: 3_000 },
      isOverdue: false,
    },
  ])
})

it('[S2] it stays while nothing new is known, and is overdue when nobody answers within thirty minutes', async () => {
  bed.clock.advance(5 * MINUTE_MS)
  await bed.channels.housekeeping(HOSPITAL)
  const [alert] = await alerts()
  expect(alert).toMatchObject({ closedAt: null, isOverdue: false })
  const dueAt = await bed.channels.nextDueAt(HOSPITAL)
  expect(dueAt).toEqual(addMs(new Date(alert.openedAt), 30 * MINUTE_MS))
  bed.clock.set(dueAt ?? bed.clock.now())
  await bed.channels.housekeeping(HOSPITAL)
  expect(await alerts()).toMatchObject([{ id: alert.id, isOverdue: true }])
  const path = `/alerts/${alert.id}/acknowledgement`
  expect((await bed.ask('POST', path, { note: '已联系银行对账' })).status).toBe(200)
})

it('[S2] it closes by itself with a later comparison that agrees, and another one opens anew', async () => {
  await found(1)
  expect(await alerts()).toEqual([])
  expect(await alerts('?channel=icbc')).toMatchObject([{ note: '已联系银行对账' }])
  await found(2)
  expect(await alerts()).toHaveLength(1)
  await found(0)
  expect(await alerts()).toEqual([])
})

it('a party that is no channel has none, nor has another hospital', async () => {
  await found(50, 'his')
  expect(await alerts()).toEqual([])
  await bed.channels.onListCompared({ hospitalId: 9 as HospitalId, source: 'icbc' })
  expect(await alerts()).toEqual([])
})
