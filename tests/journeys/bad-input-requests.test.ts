import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { checkInvariants } from '../../apps/cli/invariants/index.ts'
import type { Payment } from '../../contract/client.ts'
import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addMs, DAY_MS } from '../../kernel/time.ts'
import { type Bed, FOREIGN, openBed, OURS } from './bad-input/bed.ts'
import { countRows, unchanged } from './bad-input/books.ts'
import { type Body, type Caller, callerWith, signInFinance } from './bad-input/client.ts'
import {
  billFor,
  type BillReference,
  confirm,
  hisOf,
  payFenOf,
  payInWallet,
  payNewBill,
  type Payer,
  quoteNew,
  seePayment,
  signInPayer,
  wishFor,
} from './bad-input/payer.ts'
import { refuses, type Row } from './bad-input/problem.ts'

// Bad input from whoever calls the API: a payer, hospital finance, or an institution with its key. Each gets its
// named error, and nothing anywhere is another than before.

let bed: Bed
/** Two payers with insurance, both known at our hospital and the first at the foreign one. */
let payer: Payer
let other: Payer
let finance: Caller
let institution: Caller
/** A plan the payer may still agree to, and payments that are over, here and at the foreign hospital. */
let plan: Payment
let paid: Payment
let paidElsewhere: Payment
const bills: Record<'open' | 'void' | 'foreign', BillReference> = {} as never

beforeAll(async () => {
  bed = await openBed('bad requests')
  payer = await signInPayer(bed, { insured: true, cardOf: [OURS, FOREIGN] })
  other = await signInPayer(bed, { insured: true, not: payer.person })
  finance = await signInFinance(bed, OURS)
  paid = await payNewBill(bed, payer)
  paidElsewhere = await payNewBill(bed, payer, FOREIGN)
  plan = await quoteNew(bed, payer)
  bills.open = billFor(bed, payer)
  bills.void = billFor(bed, payer)
  bills.foreign = billFor(bed, payer, FOREIGN)
  await payer.caller.get('bills')
  hisOf(bed).voidBill(bills.void.billNo)
  const expiresAt = addMs(bed.clock.now(), DAY_MS)
  const { identity } = bed.hub
  const { key } = await identity.createApiKey({ name: '海岳银行', hospitalIds: [OURS], expiresAt })
  institution = withKey(key)
  await bed.rest()
})
afterAll(() => bed.stop())

const withKey = (key: string) => callerWith(bed.hubUrl, { authorization: `Bearer ${key}` })

const quoteOf = (wish: Body, { caller }: { caller: Caller } = payer) =>
  caller.post('payments', wish)
const confirmation = () => `payments/${plan.id}/confirmation`
const agree = (wish: Body, headers = {}) => payer.caller.post(confirmation(), wish, headers)
const refund = (wish: Body, payment: Payment = paid, caller = finance) =>
  caller.post(`payments/${payment.id}/refunds`, wish)
const refundWish = (changes: object = {}) => ({
  billNo: paid.bills[0]?.billNo,
  lineNos: [],
  reason: '患者退费',
  ...changes,
})
const billOf = ({ bills: [bill] }: Payment) => {
  assert(bill, 'a payment is of a bill')
  return bill
}

const atNobodys = () => payer.caller.at(NOBODYS)

const theBed = () => bed
const INVALID = 'http.invalid_request'
const NO_HOSPITAL = 'hospitals.hospital_not_found'
const NOBODYS = 1_679_615 as HospitalId
const field = (name: string, rule: string) => ({ field: `body/${name}`, rule })

it('is told from what is right: there are rows in all the books that must not change', async () => {
  const tables = [
    'payments.payment',
    'payments.move',
    'ledger.transfer',
    'billing.bill',
    'insurance.claim',
    'platform.outbox',
    'platform.inbox',
  ]
  for (const table of tables) expect(await countRows(bed, table), table).toBeGreaterThan(0)
})

refuses('S-48: a wrong amount', theBed, [
  ['a fen too little', () => agree({ payFen: payFenOf(plan) - 1 }), 409, 'payments.plan_changed'],
  ['a fen too much', () => agree({ payFen: payFenOf(plan) + 1 }), 409, 'payments.plan_changed'],
  ['nothing', () => agree({ payFen: 0 }), 409, 'payments.plan_changed', { payFen: 0 }],
  ['less', () => agree({ payFen: -100 }), 400, INVALID, field('payFen', 'minimum')],
  ['past any bill', () => agree({ payFen: 1e8 + 1 }), 400, INVALID, field('payFen', 'maximum')],
  ['past 2^53', () => agree({ payFen: 2 ** 60 }), 400, INVALID, field('payFen', 'maximum')],
  [
    'of a bill as it was before it changed',
    () => quoteOf(wishFor({ ...bills.open, version: bills.open.version + 1 })),
    409,
    'billing.bill_changed',
  ],
])

refuses('S-48: an amount that is no number of fen', theBed, [
  ...['"12"', '"十二"', '12.5', '1e400', 'true', '[12]', '{"fen":12}', 'null'].map(
    (amount): Row => [
      amount,
      () => agree(`{"payFen":${amount}}`),
      400,
      INVALID,
      field('payFen', 'type'),
    ],
  ),
  [
    '"1" as the version of a bill',
    () => quoteOf(wishFor({ ...bills.open, version: '1' as never })),
    400,
    INVALID,
    field('bills/0/version', 'type'),
  ],
  [
    '"1" as a line to give back',
    () => refund(refundWish({ lineNos: ['1'] })),
    400,
    INVALID,
    field('lineNos/0', 'type'),
  ],
])

const dollars = { currency: 'USD' }
const strange = field('currency', 'additionalProperties')
refuses('S-48: another currency', theBed, [
  ['for a plan', () => quoteOf({ ...wishFor(bills.open), ...dollars }), 400, INVALID, strange],
  [
    'for the payer’s yes',
    () => agree({ payFen: payFenOf(plan), ...dollars }),
    400,
    INVALID,
    strange,
  ],
  ['for a refund', () => refund(refundWish(dollars)), 400, INVALID, strange],
])

const nowhere = { billNo: 'ZD0120261123999999', version: 1 }
refuses('an unknown bill', theBed, [
  [
    'to pay',
    () => quoteOf(wishFor(nowhere)),
    404,
    'billing.bill_not_found',
    { billNo: nowhere.billNo },
  ],
  [
    'to give back',
    () => refund(refundWish({ billNo: nowhere.billNo })),
    400,
    'payments.refund_lines_unknown',
  ],
  [
    'or a line the bill has not',
    () => refund(refundWish({ lineNos: [999] })),
    400,
    'payments.refund_lines_unknown',
    { lineNo: 999 },
  ],
  [
    'that is another patient’s',
    () => quoteOf(wishFor(bills.open), other),
    404,
    'billing.bill_not_found',
  ],
  ['that is void', () => quoteOf(wishFor(bills.void)), 409, 'billing.bill_void'],
  ['that was paid before', () => quoteOf(wishFor(billOf(paid))), 409, 'billing.bill_already_paid'],
])

refuses('a hospital that is not there', theBed, [
  ['asked for bills', () => atNobodys().get('bills'), 404, NO_HOSPITAL, { hospitalId: NOBODYS }],
  [
    'asked for a plan',
    () => quoteOf(wishFor(bills.open), { caller: atNobodys() }),
    404,
    NO_HOSPITAL,
    { hospitalId: NOBODYS },
  ],
])

refuses('a foreign hospital’s', theBed, [
  ['bill, to pay here', () => quoteOf(wishFor(bills.foreign)), 404, 'billing.bill_not_found'],
  [
    'bill, to give back with a payment of ours',
    () => refund(refundWish({ billNo: billOf(paidElsewhere).billNo })),
    400,
    'payments.refund_lines_unknown',
  ],
  [
    'payment, to agree to here',
    () => payer.caller.post(`payments/${paidElsewhere.id}/confirmation`, { payFen: 1 }),
    404,
    'payments.payment_not_found',
  ],
  [
    'payment, to give back by our finance as if it were ours',
    () => refund(refundWish(), paidElsewhere),
    404,
    'payments.payment_not_found',
  ],
  [
    'payment, to give back by our finance where it is',
    () => refund(refundWish(), paidElsewhere, finance.at(FOREIGN)),
    403,
    'http.forbidden',
  ],
  ['payments, to look at', () => finance.at(FOREIGN).get('payments'), 403, 'http.forbidden'],
])

const large = JSON.stringify({ payFen: 1, note: 'x'.repeat(2 * 1024 * 1024) })
const stranger = () => ({ caller: callerWith(bed.hubUrl, {}) })
refuses('a body of 2 MB', theBed, [
  ['whose length is told', () => agree(large), 413, 'http.body_too_large'],
  ['whose length is not told', () => agree(new Blob([large]).stream()), 413, 'http.body_too_large'],
  ['from nobody who is known', () => quoteOf(large, stranger()), 413, 'http.body_too_large'],
])

const nested = (depth: number) => `{"payFen":${'['.repeat(depth)}1${']'.repeat(depth)}}`
// 退 in GB 18030.
const inGb18030 = Buffer.concat([
  Buffer.from('{"reason":"'),
  Buffer.from([0xcd, 0xcb]),
  Buffer.from('"}'),
])
const asHtml = { 'content-type': 'text/html' }
refuses('a body that cannot be read', theBed, [
  ['nested 33 deep', () => agree(nested(32)), 400, 'http.json_too_deep', { most: 32 }],
  ['nested 100,001 deep', () => agree(nested(100_000)), 400, 'http.json_too_deep', { most: 32 }],
  ['that ends too soon', () => agree('{"payFen":12'), 400, 'http.invalid_json'],
  ['in another encoding', () => refund(inGb18030), 400, 'http.invalid_json'],
  ['that is HTML', () => agree('<html></html>'), 400, 'http.invalid_json'],
  ['that is a form', () => agree('payFen=12'), 400, 'http.invalid_json'],
  ['that is nothing', () => agree(''), 400, 'http.invalid_json'],
  [
    'that says itself that it is HTML',
    () => agree('<html></html>', asHtml),
    415,
    'http.unsupported_media_type',
  ],
])

refuses('a proof that is none', theBed, [
  [
    'an API key that nobody was given',
    () => quoteOf(wishFor(bills.open), { caller: withKey(`yqk_${'0'.repeat(64)}`) }),
    401,
    'http.unauthenticated',
  ],
  [
    'an API key, for what only a payer may do',
    () => quoteOf(wishFor(bills.open), { caller: institution }),
    403,
    'http.forbidden',
  ],
  [
    'an API key, for what only finance may do',
    () => refund(refundWish(), paid, institution),
    403,
    'http.forbidden',
  ],
  [
    'a payer, for what only finance may do',
    () => refund(refundWish(), paid, payer.caller),
    403,
    'http.forbidden',
  ],
  [
    'a payer, for the plan of another',
    () => other.caller.post(confirmation(), { payFen: payFenOf(plan) }),
    404,
    'payments.payment_not_found',
  ],
  [
    'a money request without its idempotency key',
    () => agree({ payFen: payFenOf(plan) }, { 'idempotency-key': '' }),
    400,
    'http.idempotency_key_missing',
  ],
])

it('an idempotency key that was used for another request', async () => {
  const key = { 'idempotency-key': randomUUID() }
  const payFen = payFenOf(plan) - 1
  const first = await agree({ payFen }, key)
  expect(first).toBeProblem(409, 'payments.plan_changed', { payFen })
  const another = await unchanged(bed, () => agree({ payFen: payFen + 1 }, key))
  expect(another).toBeProblem(422, 'http.idempotency_key_reused')
  expect(await unchanged(bed, () => agree({ payFen }, key))).toEqual(first)
})

it('nothing is lost by all of it: the plan is paid as it was made, and no invariant is broken', async () => {
  await payInWallet(bed, payer, await confirm(payer, plan))
  await bed.rest()
  const { status, totalFen } = await seePayment(payer.caller, plan.id)
  expect([status, totalFen]).toEqual(['succeeded', plan.totalFen])
  const invariants = await checkInvariants({ url: bed.database.url, now: bed.clock.now() })
  expect(invariants.length).toBeGreaterThan(10)
  expect(invariants.filter(({ violations }) => violations > 0)).toEqual([])
})
