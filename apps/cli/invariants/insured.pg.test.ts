import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { MINUTE_MS } from '../../../kernel/time.ts'
import { createInsurance } from '../../../modules/insurance/index.ts'
import { insured, MemoryCentre } from '../../../modules/insurance/testing/memory-centre.ts'
import type { BillDesk, Provider } from '../../../modules/payments/index.ts'
import { HOSPITAL } from '../../../modules/payments/testing/hospital.ts'
import { openDb } from '../../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import { checkInvariants } from './check.ts'
import { type BusyHospital, busyHospital, register } from './testing/busy-hospital.ts'

describe('the invariants, with the national insurance in between', () => {
  let database: TestDatabase
  let hospital: BusyHospital
  let centre: MemoryCentre

  beforeAll(async () => {
    database = await createTestDatabase()
    await register(database)
    hospital = busyHospital(database)
    centre = await insure(hospital)
  })
  afterAll(() => database[Symbol.asyncDispose]())

  const check = () => checkInvariants({ url: database.url, now: hospital.clock.now() })
  const words = async () =>
    (await check())
      .filter(({ state }) => state === 'broken')
      .map(({ id, sample }) => `${id}: ${sample[0]}`)

  it('hold for what is settled, settled anew for less, and given back', async () => {
    await hospital.pay('B1', [30_000, 8_000])
    const part = await hospital.pay('B2', [30_000, 8_000])
    await hospital.refund(part, 'B2', [2])
    const whole = await hospital.pay('B3', [30_000])
    await hospital.refund(whole, 'B3', [])
    await hospital.pass(MINUTE_MS)
    await hospital.tell()

    expect(centre.settlements.length).toBeGreaterThanOrEqual(5)
    expect(await words()).toEqual([])
    const figures = (await check()).find(({ id }) => id === 'I10')?.figure
    expect(figures).toMatch(/over 3 payments, [5-9] settlements/)
  })

  it('I10 sees a settlement of other figures than the books', async () => {
    const owner = openDb({ url: database.url })
    const change = (by: number) =>
      sql`update insurance.settlement
      set figures = figures || jsonb_build_object('fundFen', (figures ->> 'fundFen')::int + ${by}::int,
        'totalFen', (figures ->> 'totalFen')::int + ${by}::int)
      where kind = 'charge' and status = 'done'`.execute(owner)
    await change(1)
    expect((await words()).map((line) => line.slice(0, 3))).toEqual(['I10'])
    await change(-1)
    await owner.destroy()
    expect(await words()).toEqual([])
  })

  it('I10 sees an insurer whose figures do not hold together', async () => {
    centre.settlesFen = fen(100)
    await hospital.pay('B4', [30_000])
    centre.settlesFen = null
    expect((await words()).map((line) => line.slice(0, 3))).toEqual(['I10'])
  })

  it('I3 sees a claim settled twice at once', async () => {
    const owner = openDb({ url: database.url })
    await sql`insert into insurance.settlement
      select (s).* from (select jsonb_populate_record(s, '{"msgid": "H33010000001202611210000000000"}') as s
        from insurance.settlement s where kind = 'charge' and status = 'done' limit 1) doubled`.execute(
      owner,
    )
    await owner.destroy()
    expect((await words()).map((line) => line.slice(0, 3))).toEqual(['I3:', 'I10'])
  })
})

/** The payer is insured, and what the hospital bills is covered. */
async function insure({ payments, clock, newId, db }: BusyHospital): Promise<MemoryCentre> {
  const centre = new MemoryCentre(clock)
  centre.people.set('TOKEN', { psnNo: 'P1', ...insured(fen(5_000), '310') })
  const insurance = createInsurance({
    db,
    clock,
    newId,
    centreOf: async () => centre,
    insuredPerson: async () => ({ voucherToken: 'TOKEN', idCardNo: 'CARD', name: '张三' }),
  })
  const providers = (await payments.dependencies.providersOf(HOSPITAL)) as Map<string, Provider>
  providers.set('insurance', insurance)
  const desk: BillDesk = payments.dependencies.desk
  const present = desk.present.bind(desk)
  desk.present = async (request) =>
    (await present(request)).map((payable) => ({
      ...payable,
      lines: payable.lines.map((line) => ({ ...line, code: `A${line.lineNo}` })),
    }))
  return centre
}
