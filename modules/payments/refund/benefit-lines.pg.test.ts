import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../../kernel/id.ts'
import { MINUTE_MS } from '../../../kernel/time.ts'
import type { ProgrammeId } from '../../benefits/index.ts'
import {
  ACTOR,
  chronicPackage,
  createFixture,
  SECOND,
  YES,
} from '../../benefits/testing/fixture.ts'
import { PERSON } from '../testing/hospital.ts'
import { bookProblems, createWorlds } from '../testing/worlds.ts'

// One line is covered by a package that the payer has bought, the other is paid by the payer.

const HOSPITAL = 390 as HospitalId

let worlds: Awaited<ReturnType<typeof createWorlds>>
beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())

it('[N6] a line that the payer has paid goes back to the payer, and the package keeps what it pays', async () => {
  const { benefits, programme, newId } = createFixture(worlds.db, 'benefit-lines-own', HOSPITAL)
  const items = [{ code: 'C1', name: '血糖', most: 3 }]
  const programmeId: ProgrammeId = await programme(chronicPackage({ items }), 0)
  const sale = { hospitalId: HOSPITAL, programmeId, personId: PERSON, receiptNo: 'R-1' }
  const sold = await benefits.entitlements.sellPackage(
    { ...sale, id: newId<'Entitlement'>() },
    ACTOR,
  )
  await benefits.entitlements.decide(sold, YES, SECOND)
  const world = worlds.newWorld({
    hospitalId: HOSPITAL,
    seed: 'benefit-lines',
    sources: [benefits.source],
  })
  world.insurer.script.available = false

  const id = await world.quote([world.hospital.addBill('B-390', [20_000, 5_000])])
  await world.confirm(id)
  world.wallet.payAll()
  await world.pass(MINUTE_MS)
  const paysOf = async () => {
    const balances = await world.balances()
    return [balances['receivable/benefits/package'], balances['receivable/wechat/self_pay']]
  }
  expect(await paysOf()).toEqual([20_000, 5_000])
  const giveBack = async (lineNos: number[]) => {
    await world.refund(id, 'B-390', lineNos)
    await world.pass(10 * MINUTE_MS)
    const { refunds } = await world.picture(id)
    return refunds.map(({ status, attention }) => attention ?? status)
  }
  expect(await giveBack([2])).toEqual(['succeeded'])
  expect(await paysOf()).toEqual([20_000, 0])
  expect(await bookProblems(world)).toEqual([])
  expect(await giveBack([1])).toEqual(['succeeded', 'succeeded'])
  expect(await paysOf()).toEqual([0, 0])
  const [mine] = await benefits.entitlements.ofPerson(HOSPITAL, PERSON)
  expect(mine?.items).toEqual([{ code: 'C1', most: 3, used: 0 }])
  expect(await bookProblems(world)).toEqual([])
}, 60_000)
