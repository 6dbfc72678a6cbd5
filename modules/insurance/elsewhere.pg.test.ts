import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { TransferFiling } from './centre/filing.ts'
import { isSamePool } from './insured-area.ts'
import { settlementsOf } from './settlement-store.ts'
import { findClaim } from './store.ts'
import { chargeOrder, createFixture, type Fixture, HOSPITAL, PARTS } from './testing/fixture.ts'

let db: TestDatabase
let fixture: Fixture
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => void (fixture = createFixture(db, `elsewhere-${seed++}`)))

const ELSEWHERE = '440300'

/** A person whose insurances are in these areas. */
function insuredIn(...regions: [region: string, isActive?: boolean][]) {
  const insurances = regions.map(([insuredRegion, active = true]) => ({
    insutype: '310',
    active,
    insuredRegion,
  }))
  fixture.centre.people.set('TOKEN', { psnNo: 'P1', insurances, balanceFen: fen(5_000) })
}

const filed = (changes: Partial<TransferFiling> = {}): TransferFiling => ({
  filingNo: 'F1',
  kind: '1',
  toRegion: '370200',
  toFixmedinsCode: null,
  from: businessDate('2026-11-01'),
  to: null,
  ...changes,
})

const quote = (request = fixture.quoteRequest()) => fixture.start().quote(fixture.call, request)
const infnos = () => fixture.centre.log.map((message) => message.infno)

describe('a person from elsewhere', () => {
  it('is looked up in line before anything is registered, and settled as of their own area', async () => {
    insuredIn([ELSEWHERE])
    fixture.centre.filings = [filed()]
    const request = fixture.quoteRequest()
    const answer = await quote(request)
    expect(answer).toMatchObject({ outcome: 'quoted', parts: PARTS })
    expect(infnos()).toEqual(['1101', '5304', '2201', '2203', '2204', '2206'])
    const charged = await fixture.start().charge(fixture.call, chargeOrder(request, answer))
    expect(charged.outcome).toBe('confirmed')
    const { claim, settlements } = await inHospital(db, HOSPITAL, async (tx) => {
      const found = await findClaim(tx, HOSPITAL, request.paymentId)
      if (!found) throw new Error('no claim')
      return { claim: found, settlements: await settlementsOf(tx, HOSPITAL, found.id) }
    })
    const filing = { no: 'F1', kind: '1', from: '2026-11-01', to: null }
    expect(claim).toMatchObject({ insuredRegion: ELSEWHERE, filing })
    expect(settlements).toMatchObject([{ status: 'done', insuredRegion: ELSEWHERE }])
  })

  it.each<[string, TransferFiling[]]>([
    ['none at all', []],
    ['one that is over', [filed({ to: businessDate('2026-11-20') })]],
    ['one that has not begun', [filed({ from: businessDate('2026-12-01') })]],
    ['one for another area', [filed({ toRegion: '510100' })]],
    ['one for another institution', [filed({ toRegion: null, toFixmedinsCode: 'H1' })]],
  ])('F-54 pays by themselves, with the reason, where the filing is %s', async (_what, filings) => {
    insuredIn([ELSEWHERE])
    fixture.centre.filings = filings
    fixture.centre.settlesUnfiled = false
    expect(await quote()).toMatchObject({ outcome: 'not_available', code: 'not_filed' })
    expect(infnos()).toEqual(['1101', '5304'])
  })

  it('[N2] is settled without a filing where the area does so, and told that it is less', async () => {
    insuredIn([ELSEWHERE])
    fixture.centre.filings = []
    const answer = await quote()
    expect(answer).toMatchObject({ outcome: 'quoted', parts: PARTS })
    expect(answer).toHaveProperty('reasons.0', { code: 'elsewhere_unfiled', params: {} })
    expect(infnos()).toEqual(['1101', '5304', '2201', '2203', '2204', '2206'])
  })

  it('is asked for again when the centre did not say what was filed', async () => {
    insuredIn([ELSEWHERE])
    fixture.centre.filings = [filed()]
    fixture.centre.fault('5304', 'lost_answer')
    const request = fixture.quoteRequest()
    expect(await quote(request)).toMatchObject({ code: 'centre_unavailable' })
    expect(await quote(request)).toMatchObject({ outcome: 'quoted' })
  })
})

describe('F-54 an insurance that cannot be used leaves the way to pay oneself', () => {
  it('person found in two areas: two_areas for one whose insurance is in force in two', async () => {
    insuredIn(['370203'], [ELSEWHERE])
    expect(await quote()).toMatchObject({ outcome: 'not_available', code: 'two_areas' })
    expect(infnos()).toEqual(['1101'])
  })

  it('but one of them suspended is none', async () => {
    insuredIn(['370203'], [ELSEWHERE, false])
    expect(await quote()).toMatchObject({ outcome: 'quoted' })
  })

  it('suspended insurance: suspended where none is in force', async () => {
    insuredIn(['370203', false], [ELSEWHERE, false])
    expect(await quote()).toMatchObject({ outcome: 'not_available', code: 'suspended' })
  })
})

describe('F-51 expired voucher token: a voucher whose token is over', () => {
  const EXPIRED = { refuse: '医保电子凭证令牌已过期', code: 'voucher_expired' as const }

  it.each(['1101', '2201', '2206'])('is named at %s, and a new token goes on', async (infno) => {
    fixture.centre.fault(infno, EXPIRED)
    const request = fixture.quoteRequest()
    expect(await quote(request)).toMatchObject({
      outcome: 'not_available',
      code: 'voucher_expired',
    })
    expect(await quote(request)).toMatchObject({ outcome: 'quoted' })
    expect(fixture.centre.paidFen()).toBe(0)
  })

  it('is named at 2207, moves nothing, and is the same when asked again', async () => {
    const request = fixture.quoteRequest()
    const order = chargeOrder(request, await quote(request))
    fixture.centre.fault('2207', EXPIRED)
    const insurance = fixture.start()
    const declined = { outcome: 'declined', code: 'voucher_expired' }
    expect(await insurance.charge(fixture.call, order)).toMatchObject(declined)
    expect(await insurance.query(fixture.call, order)).toMatchObject(declined)
    expect(fixture.centre.paidFen()).toBe(0)
  })
})

it.each([
  ['370203', '370200', true],
  ['370203', '370102', false],
  ['310101', '310115', true],
  ['310101', '320101', false],
])('%s and %s are of one pool: %s', (a, b, isOne) => {
  expect(isSamePool(a, b)).toBe(isOne)
})
