import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { LOWER_LIMIT, OVERDRAW, WRONG_AMOUNT } from '../../apps/simulators/lender/index.ts'
import { fen } from '../../kernel/money.ts'
import { DAY_MS } from '../../kernel/time.ts'
import { describeLender } from './describe-lender.ts'
import {
  dataOf,
  type GatewayBench,
  HOSP_CODE,
  HOSPITAL,
  LIMIT,
  no,
  openGatewayBench,
  PEOPLE,
  VISIT,
} from './lender-bench.ts'

describeLender('[N5] gateway, SHA-256', () => openGatewayBench('RSA2'))
describeLender('[N5] gateway, SHA-1', () => openGatewayBench('RSA'))

let bench: GatewayBench
beforeEach(async () => void (bench = await openGatewayBench()))
afterEach(() => bench.close())

const drawn = async (amountFen: number, changes = {}) => {
  const order = bench.newDraw(amountFen, changes)
  const { lenderNo } = dataOf(await bench.draw(order))
  return { order, lenderNo }
}
const authority = async () => dataOf(await bench.lender.authority(bench.call, bench.holder))

describe('[N5] the gateway: a line', () => {
  it('is granted once for an application, in steps of ¥100, and holds from signing on', async () => {
    const { lender, call, applicationOf, newDraw } = bench
    const application = applicationOf('poor', { wantedFen: fen(999_99) })
    const grant = dataOf(await lender.apply(call, application))
    expect(grant.limitFen).toBe(900_00)
    expect(dataOf(await lender.apply(call, application))).toEqual(grant)
    const holder = {
      personId: application.applicant.personId,
      accountNo: grant.accountNo,
    }
    expect(dataOf(await lender.authority(call, holder)).signStatus).toBe('unsigned')
    expect(await lender.draw(call, newDraw(1_00, { holder }))).toMatchObject(no('not_signed'))
    const sign = { applicationNo: application.applicationNo, ...holder, way: 'next_month' as const }
    const signed = dataOf(await lender.sign(call, sign))
    expect(signed.signedAt.toISOString()).toBe('2026-11-21T01:30:00.000Z')
    expect(dataOf(await lender.sign(call, sign))).toEqual(signed)
    dataOf(await lender.draw(call, newDraw(1_00, { holder })))
  })

  it.each(['blocked', 'old'] as const)('is not granted to somebody %s', async (who) => {
    const { lender, call, applicationOf } = bench
    const application = applicationOf(who)
    expect(await lender.apply(call, application)).toMatchObject(no('not_eligible'))
    expect(await lender.apply(call, application)).toMatchObject(no('not_eligible'))
  })

  it('is not granted under another name, for an unknown product, or twice', async () => {
    const { lender, call, applicationOf } = bench
    const { applicant, ...rest } = applicationOf('poor')
    const namesake = { ...rest, applicant: { ...applicant, name: '司马白云' } }
    expect(await lender.apply(call, namesake)).toMatchObject(no('not_eligible'))
    const unknown = applicationOf('poor', { productId: 'visit-9' })
    expect(await lender.apply(call, unknown)).toMatchObject(no('not_eligible'))
    expect(await lender.apply(call, applicationOf('worker'))).toMatchObject(no('not_eligible'))
  })

  it('is not signed for instalments, which this bank has not', async () => {
    const { lender, call, applicationOf } = bench
    const application = applicationOf('poor')
    const { accountNo } = dataOf(await lender.apply(call, application))
    const { personId } = application.applicant
    const { applicationNo } = application
    const sign = { applicationNo, accountNo, personId, way: 'equal_payment' as const }
    expect(await lender.sign(call, sign)).toMatchObject(no('not_eligible'))
  })

  it('is not another person’s', async () => {
    const { lender, call, holder, applicationOf } = bench
    const other = { ...holder, personId: applicationOf('poor').applicant.personId }
    expect(await lender.authority(call, other)).toEqual({ outcome: 'none' })
  })

  it('can be given up when nothing is owed, and then lends nothing', async () => {
    const { lender, call, holder, newDraw, reverse, reversalOf } = bench
    const { order, lenderNo } = await drawn(100_00)
    expect((await lender.end(call, holder)).outcome).toBe('refused')
    dataOf(await reverse(reversalOf(order, lenderNo, 100_00)))
    const ended = dataOf(await lender.end(call, holder))
    expect(dataOf(await lender.end(call, holder))).toEqual(ended)
    expect(await lender.draw(call, newDraw(1_00))).toMatchObject(no('ended'))
    expect((await authority()).signStatus).toBe('ended')
  })

  it('lends nothing while the bank has suspended it', async () => {
    bench.simulator.changeLine(bench.holder.accountNo, { status: 'suspended' })
    expect(await bench.draw(bench.newDraw(1_00))).toMatchObject(no('suspended'))
    expect((await authority()).signStatus).toBe('suspended')
  })
})

describe('[N5] the gateway: draws', () => {
  it('keep the bank’s books and the hospital’s money', async () => {
    const { order, lenderNo } = await drawn(300_00)
    dataOf(await bench.reverse(bench.reversalOf(order, lenderNo, 100_00)))
    expect(bench.simulator.books(order.drawNo)).toEqual({ drawnFen: 300_00, flushedFen: 100_00 })
    expect(bench.simulator.owedTo(HOSP_CODE)).toBe(200_00)
  })

  it('cannot come any more once they were asked about in vain', async () => {
    const order = bench.newDraw(100_00)
    expect(await bench.lender.queryDraw(bench.call, order)).toEqual({ outcome: 'none' })
    expect(await bench.draw(order)).toMatchObject(no('other'))
    expect(await bench.lender.queryDraw(bench.call, order)).toEqual({ outcome: 'none' })
    expect(bench.simulator.draws()).toEqual([])
  })

  it('that were refused stay so, and their query says why', async () => {
    const order = bench.newDraw(LIMIT + 1)
    expect(await bench.draw(order)).toMatchObject(no('over_limit'))
    await bench.setLimit(fen(5_000_00))
    expect(await bench.draw(order)).toMatchObject(no('over_limit'))
    expect(await bench.lender.queryDraw(bench.call, order)).toMatchObject(no('over_limit'))
  })

  it('are not asked for at a hospital that the bank does not serve', async () => {
    const order = bench.newDraw(1_00, { careHospitalId: 18 as never })
    expect(await bench.draw(order)).toMatchObject(no('not_eligible'))
    expect(bench.exchanges).toEqual([])
  })

  it('are refused when the bank lowered the limit, or somebody else drew, just before', async () => {
    for (const code of [OVERDRAW, LOWER_LIMIT]) {
      bench.trouble({ kind: 'decline', code }, /consume/)
      expect(await bench.draw(bench.newDraw(1_00))).toMatchObject(no('over_limit'))
      expect((await authority()).remainingFen).toBe(0)
    }
    expect((await authority()).limitFen).toBe(0)
  })

  it('of another amount are not believed', async () => {
    const order = bench.newDraw(100_00)
    bench.trouble({ kind: 'decline', code: WRONG_AMOUNT })
    expect((await bench.draw(order)).outcome).toBe('unknown')
    expect(dataOf(await bench.lender.queryDraw(bench.call, order)).amountFen).toBe(100_00)
  })

  it('are found by query not to have been made, although the bank said so', async () => {
    const order = bench.newDraw(100_00)
    bench.trouble({ kind: 'lie' })
    dataOf(await bench.draw(order))
    expect(await bench.lender.queryDraw(bench.call, order)).toEqual({ outcome: 'none' })
  })
})

describe('[N5] the gateway: bills and repayment', () => {
  it('puts the draws of a visit on one bill, and each other draw on its own', async () => {
    await drawn(100_00, { visitId: VISIT })
    await drawn(50_00, { visitId: VISIT })
    await drawn(30_00)
    const bills = dataOf(await bench.lender.bills(bench.call, bench.holder))
    const bill = { careHospitalId: HOSPITAL, dueOn: '2026-12-21', overdueDays: 0 }
    expect(bills).toMatchObject([
      { ...bill, visitId: VISIT, principalFen: 150_00, outstandingFen: 150_00 },
      { ...bill, visitId: null, principalFen: 30_00, outstandingFen: 30_00 },
    ])
  })

  it('repays a part, the rest of a bill, and all that is left', async () => {
    const { lender, call, repaymentOf, simulator } = bench
    const { order: visit } = await drawn(300_00, { visitId: VISIT })
    const { order: single } = await drawn(100_00)
    await drawn(50_00)
    for (const repayment of [
      repaymentOf(visit, { scope: 'partial', amountFen: fen(100_00) }),
      repaymentOf(visit, { scope: 'full', amountFen: fen(200_00) }),
      repaymentOf(single, { scope: 'remaining', about: null, amountFen: fen(150_00) }),
    ]) {
      const announced = dataOf(await lender.createRepayment(call, repayment))
      expect(dataOf(await lender.createRepayment(call, repayment))).toEqual(announced)
      const repaid = dataOf(await lender.payRepayment(call, repayment))
      expect(dataOf(await lender.payRepayment(call, repayment))).toEqual(repaid)
    }
    const bills = dataOf(await lender.bills(call, bench.holder))
    expect(bills.map(({ outstandingFen }) => outstandingFen)).toEqual([0, 0, 0])
    expect(simulator.moneyOf(PEOPLE.worker.idCardNo)).toBe(5_000_00 - 450_00)
    expect((await authority()).remainingFen).toBe(LIMIT)
  })

  it('announces nothing of another amount, and nothing of a bill there is not', async () => {
    const { lender, call, repaymentOf, newDraw } = bench
    const { order } = await drawn(300_00)
    const wrong = [
      repaymentOf(order, { amountFen: fen(299_99) }),
      repaymentOf(order, { scope: 'partial', amountFen: fen(300_01) }),
      repaymentOf(order, { scope: 'remaining', about: null, amountFen: fen(300_01) }),
    ]
    for (const repayment of wrong) {
      expect(await lender.createRepayment(call, repayment)).toMatchObject(no('amount_wrong'))
    }
    const never = repaymentOf(newDraw(1_00))
    expect(await lender.createRepayment(call, never)).toMatchObject(no('not_found'))
  })

  it('does not take what has come to another amount since it was announced', async () => {
    const { lender, call, repaymentOf, reverse, reversalOf } = bench
    const { order, lenderNo } = await drawn(300_00)
    const repayment = repaymentOf(order)
    dataOf(await lender.createRepayment(call, repayment))
    dataOf(await reverse(reversalOf(order, lenderNo, 100_00)))
    expect(await lender.payRepayment(call, repayment)).toMatchObject(no('amount_wrong'))
    expect(await lender.queryRepayment(call, repayment)).toMatchObject(no('amount_wrong'))
  })

  it('takes nothing from an account that has not enough, for good', async () => {
    const { lender, call, lineFor, newDraw, repaymentOf, simulator } = bench
    const holder = await lineFor('poor')
    const order = newDraw(300_00, { holder })
    dataOf(await lender.draw(call, order))
    const repayment = repaymentOf(order)
    dataOf(await lender.createRepayment(call, repayment))
    expect(await lender.payRepayment(call, repayment)).toMatchObject(no('no_money'))
    simulator.deposit(PEOPLE.poor.idCardNo, fen(1_000_00))
    expect(await lender.payRepayment(call, repayment)).toMatchObject(no('no_money'))
    expect(await lender.queryRepayment(call, repayment)).toMatchObject(no('no_money'))
    expect(simulator.moneyOf(PEOPLE.poor.idCardNo)).toBe(1_020_00)
  })

  it('takes nothing any more once it was asked about in vain', async () => {
    const { lender, call, repaymentOf } = bench
    const { order } = await drawn(300_00)
    const repayment = repaymentOf(order)
    dataOf(await lender.createRepayment(call, repayment))
    expect(await lender.queryRepayment(call, repayment)).toEqual({ outcome: 'none' })
    expect(await lender.payRepayment(call, repayment)).toMatchObject(no('other'))
    expect(bench.simulator.moneyOf(PEOPLE.worker.idCardNo)).toBe(5_000_00)
  })

  it('gives a person back what they had repaid of a draw that is taken back', async () => {
    const { lender, call, repaymentOf, reverse, reversalOf, simulator } = bench
    const { order, lenderNo } = await drawn(300_00)
    const repayment = repaymentOf(order, { scope: 'partial', amountFen: fen(200_00) })
    dataOf(await lender.createRepayment(call, repayment))
    dataOf(await lender.payRepayment(call, repayment))
    dataOf(await reverse(reversalOf(order, lenderNo, 300_00)))
    expect(simulator.moneyOf(PEOPLE.worker.idCardNo)).toBe(5_000_00)
    expect(await authority()).toMatchObject({ loanedFen: 0, remainingFen: LIMIT })
  })
})

describe('[N5] the gateway: the days of a bill', () => {
  it('costs nothing in the free days, 20 fen of ¥1,000 a day after, and is debited when due', async () => {
    await drawn(LIMIT)
    const owed = () => bench.simulator.bills(bench.holder.accountNo)[0]
    await bench.pass(10 * DAY_MS + DAY_MS / 2)
    expect(owed()).toMatchObject({ openFen: LIMIT, interestFen: 0 })
    await bench.pass(DAY_MS)
    expect(owed()).toMatchObject({ openFen: LIMIT, interestFen: 20 })
    await bench.pass(19 * DAY_MS)
    expect(owed()).toMatchObject({ openFen: 0, interestFen: 0 })
    expect(bench.simulator.repayments()).toMatchObject([
      { scope: 'debit', state: 'paid', amountFen: 1_000_00 + 20 * 20 },
    ])
    expect(bench.simulator.nextDueAt()).toBeNull()
  })

  it('is overdue after the due day when the account has not enough, dearer, and bars draws', async () => {
    const { lender, call, lineFor, newDraw } = bench
    const holder = await lineFor('poor')
    dataOf(await lender.draw(call, newDraw(520_00, { holder })))
    // ¥20 were taken on the due day; ¥502.08 with ¥2.08 of interest are open, at 15 fen a day from now on.
    await bench.pass(33 * DAY_MS)
    expect(dataOf(await lender.authority(call, holder)).overdueDays).toBe(3)
    expect(await lender.draw(call, newDraw(1, { holder }))).toMatchObject(no('overdue'))
    const [bill] = dataOf(await lender.bills(call, holder))
    expect(bill).toMatchObject({ principalFen: 520_00, overdueDays: 3 })
    expect(bill?.outstandingFen).toBe(502_08 + 2 * 15)
  })
})

describe('[N5] the gateway: the list of a day', () => {
  it('is there an hour after the day', async () => {
    const { lender, call } = bench
    const request = { careHospitalId: HOSPITAL, businessDate: '2026-11-21' as never }
    expect(await lender.dayStatement(call, request)).toMatchObject({
      outcome: 'not_ready',
      notBefore: new Date('2026-11-22T01:00:00+08:00'),
    })
    bench.endDay()
    expect(await lender.dayStatement(call, request)).toMatchObject({ outcome: 'lines', lines: [] })
  })

  it('is refused when its lines do not come to its sum', async () => {
    const { lender, call } = bench
    await drawn(100_00)
    const request = { careHospitalId: HOSPITAL, businessDate: bench.endDay() }
    bench.trouble({ kind: 'decline', code: WRONG_AMOUNT })
    expect(await lender.dayStatement(call, request)).toMatchObject(no('hash'))
  })
})
