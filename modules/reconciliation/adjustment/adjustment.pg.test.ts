import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Id } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { businessDate } from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import { createHttp } from '../../../platform/http/server.ts'
import type { Role } from '../../../platform/principal.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import { balancesOf } from '../../ledger/index.ts'
import { adjustmentRoutes } from '../index.ts'
import { HOSPITAL, reconciliationWorld } from '../testing/world.ts'

const D = businessDate('2026-11-20')
const NEXT = businessDate('2026-11-21')
const BASE = '/hospitals/1/reconciliation'

let db: TestDatabase
let world: ReturnType<typeof reconciliationWorld>
let http: Awaited<ReturnType<typeof createHttp>>
let first: string
let second: string
let caseId: string

beforeAll(async () => {
  db = await createTestDatabase()
  world = reconciliationWorld(db)
  first = world.newId<'Staff'>()
  second = world.newId<'Staff'>()
  http = await createHttp({
    newId: world.newId,
    authenticate: async ({ headers }) => ({
      kind: 'staff',
      staffId: String(headers['x-staff']) as Id<'Staff'>,
      hospitalId: HOSPITAL,
      roles: [String(headers['x-role'] ?? 'finance') as Role],
    }),
  })
  await http.register(adjustmentRoutes({ reconciliation: world.reconciliation, db }))
  await http.ready()
  // The wallet has five fen more of a payment than was taken: a surplus of nobody known.
  await world.pay('B1')
  world.wallet.script.relist = (lines, date) =>
    date === D
      ? lines.map((line, i) => (i === 0 ? { ...line, amountFen: fen(line.amountFen + 5) } : line))
      : lines
  await world.passTo(NEXT, '10:20:00')
  const [known] = await world.cases()
  caseId = known?.id ?? ''
})
afterAll(async () => {
  await http.close()
  await db[Symbol.asyncDispose]()
})

async function ask(staff: string, url: string, body?: object, role: Role = 'finance') {
  const response = await http.inject({
    method: body ? 'POST' : 'GET',
    url: `${BASE}${url}`,
    headers: { 'x-staff': staff, 'x-role': role },
    ...(body ? { payload: body } : {}),
  })
  return { status: response.statusCode, body: response.json() }
}

const propose = (changes: object = {}, staff = first) =>
  ask(staff, `/cases/${caseId}/adjustments`, {
    kind: 'hang_surplus',
    amountFen: 5,
    reason: '微信多五分，待查',
    ...changes,
  })
const decide = (id: string, outcome: string, staff = second, role: Role = 'finance') =>
  ask(staff, `/adjustments/${id}/decision`, { outcome, note: '查过微信后台' }, role)
const balances = async () =>
  new Map(
    (await inHospital(db, HOSPITAL, (tx) => balancesOf(tx, HOSPITAL))).map((balance) => [
      balance.code,
      balance.debitFen - balance.creditFen,
    ]),
  )

describe('[B3] an adjustment of two persons', () => {
  it('offers what fits the case, and refuses the rest by name', async () => {
    const { body } = await ask(first, `/cases/${caseId}/adjustments`, undefined, 'auditor')
    expect(body).toMatchObject({ items: [], mostFen: 5 })
    // The wallet has more than was taken: there is no shortage to write off.
    expect(body.offered).toEqual(['hang_surplus', 'return_surplus', 'surplus_to_income'])
    expect((await propose({ kind: 'write_off_shortage' })).body).toMatchObject({
      code: 'reconciliation.adjustment_kind_wrong',
    })
    expect((await propose({ amountFen: 6 })).body).toMatchObject({
      code: 'reconciliation.adjustment_too_much',
      params: { mostFen: 5 },
    })
    expect((await propose({ amountFen: 0 })).status).toBe(400)
    expect((await ask(first, `/cases/${caseId}/adjustments`, {}, 'auditor')).status).toBe(403)
  })

  it('is not decided by whoever proposed it, and one waits at a time', async () => {
    const { body: proposed, status } = await propose()
    expect([status, proposed.decision]).toEqual([201, null])
    expect((await propose()).body.code).toBe('reconciliation.adjustment_pending')
    const own = await decide(proposed.id, 'approved', first)
    expect(own.body.code).toBe('reconciliation.second_person_needed')
    const other = await decide(proposed.id, 'withdrawn', second)
    expect(other.body.code).toBe('reconciliation.second_person_needed')
    expect((await decide(proposed.id, 'withdrawn', first)).body.decision.outcome).toBe('withdrawn')
    expect((await balances()).has('surplus/wechat')).toBe(false)
  })

  it('declined changes nothing and can be proposed anew', async () => {
    const { body: proposed } = await propose()
    expect((await decide(proposed.id, 'declined')).body.decision.entryId).toBeNull()
    expect((await decide(proposed.id, 'approved')).body.code).toBe(
      'reconciliation.adjustment_decided',
    )
    expect((await world.cases())[0]?.status).toBe('open')
  })

  it.each(['return_surplus', 'surplus_to_income'])(
    '%s takes no more than was kept aside, which is nothing yet',
    async (kind) => {
      const { body: proposed } = await propose({ kind })
      expect((await decide(proposed.id, 'approved')).body).toMatchObject({
        code: 'reconciliation.adjustment_too_much',
        params: { mostFen: 0 },
      })
      expect((await balances()).has('surplus/wechat')).toBe(false)
      expect((await decide(proposed.id, 'declined')).status).toBe(200)
    },
  )

  it('approved is booked once, by however many at once, and ends the case', async () => {
    const before = (await balances()).get('receivable/wechat/self_pay') ?? 0
    const { body: proposed } = await propose()
    const both = await Promise.all([
      decide(proposed.id, 'approved'),
      decide(proposed.id, 'approved'),
    ])
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    const after = await balances()
    expect(after.get('receivable/wechat/self_pay')).toBe(before + 5)
    expect(after.get('surplus/wechat')).toBe(-5)
    const [ended] = await world.cases()
    expect(ended).toMatchObject({ status: 'resolved', resolution: 'adjusted' })
    expect((await propose()).body.code).toBe('reconciliation.case_resolved')
  })

  it('is never its own second person, whatever the application does', async () => {
    const forged = inHospital(db, HOSPITAL, (tx) =>
      sql`insert into reconciliation.adjustment_decision
        select hospital_id, id, 'declined', null, null, proposed_by, proposed_by, proposed_at
        from reconciliation.adjustment where hospital_id = ${HOSPITAL} limit 1`.execute(tx),
    )
    await expect(forged).rejects.toThrow(/second_person|duplicate key/)
  })
})
