import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import type { DrawOrder, ReversalOrder } from '../../modules/credit/index.ts'
import { dataOf, HOSPITAL, type LendingBench, LIMIT, no } from './lender-bench.ts'

/** What every lender must do, a bank with an interface of its own or the one that is built in. */
export function describeLender(name: string, open: () => Promise<LendingBench>): void {
  let bench: LendingBench
  beforeEach(async () => void (bench = await open()))
  afterEach(() => bench.close())
  const on = () => bench

  describe(`${name}: a line and its limits`, () => {
    describeLimits(on)
  })
  describe(`${name}: a draw`, () => {
    describeDraws(on)
  })
  describe(`${name}: taking back`, () => {
    describeReversals(on)
  })
  describe(`${name}: repaying`, () => {
    describeRepayment(on)
  })
  describe(`${name}: the list of a day`, () => {
    describeStatement(on)
  })
}

type On = () => LendingBench

const left = async ({ lender, call, holder }: LendingBench) => {
  const { loanedFen, remainingFen } = dataOf(await lender.authority(call, holder))
  return [loanedFen, remainingFen]
}

const reversalOf = (
  { newNo }: LendingBench,
  draw: DrawOrder,
  drawLenderNo: string,
  amountFen: number,
): ReversalOrder => ({
  reversalNo: newNo(),
  draw,
  drawLenderNo,
  amountFen: fen(amountFen),
  requestedAt: draw.requestedAt,
})

function describeLimits(on: On) {
  it('tells what is granted, and that nothing is lent or overdue', async () => {
    const { lender, call, holder } = on()
    expect(dataOf(await lender.authority(call, holder))).toEqual({
      accountNo: holder.accountNo,
      limitFen: LIMIT,
      loanedFen: 0,
      remainingFen: LIMIT,
      overdueDays: 0,
      signStatus: 'signed',
    })
  })

  it('knows no agreement of an account that it never gave', async () => {
    const { lender, call, holder } = on()
    const stranger = { ...holder, accountNo: 'LA202611210000000099' }
    expect(await lender.authority(call, stranger)).toEqual({ outcome: 'none' })
  })

  it('lends up to the limit and not a fen more', async () => {
    const { draw, newDraw } = on()
    dataOf(await draw(newDraw(LIMIT - 1)))
    expect(await draw(newDraw(2))).toMatchObject(no('over_limit'))
    dataOf(await draw(newDraw(1)))
    expect(await left(on())).toEqual([LIMIT, 0])
  })

  it('holds the limit of the hospital too', async () => {
    const { draw, newDraw, setHospitalLimit } = on()
    await setHospitalLimit(fen(0))
    expect(await draw(newDraw(1))).toMatchObject(no('hospital_limit'))
    expect(await left(on())).toEqual([0, LIMIT])
  })

  it('lends nothing more when the limit was lowered below what is lent', async () => {
    const { draw, newDraw, setLimit } = on()
    dataOf(await draw(newDraw(600_00)))
    await setLimit(fen(500_00))
    expect(await draw(newDraw(1))).toMatchObject(no('over_limit'))
    expect(await left(on())).toEqual([600_00, 0])
  })
}

function describeDraws(on: On) {
  it('is made once however often it is asked for, and found by its number', async () => {
    const { lender, call, draw, newDraw } = on()
    const order = newDraw(300_01)
    const drawn = dataOf(await draw(order))
    expect(drawn.amountFen).toBe(300_01)
    expect(dataOf(await lender.draw(call, order))).toEqual(drawn)
    expect(dataOf(await lender.queryDraw(call, order))).toEqual(drawn)
    expect(await left(on())).toEqual([300_01, LIMIT - 300_01])
  })

  it('is refused with another amount under the same number', async () => {
    const { lender, call, draw, newDraw } = on()
    const order = newDraw(300_00)
    dataOf(await draw(order))
    const other = { ...order, amountFen: fen(300_01) }
    expect(await lender.draw(call, other)).toMatchObject(no('reused'))
    expect(await left(on())).toEqual([300_00, LIMIT - 300_00])
  })

  it('is none when it never was asked for', async () => {
    const { lender, call, newDraw } = on()
    expect(await lender.queryDraw(call, newDraw(1_00))).toEqual({ outcome: 'none' })
  })
}

function describeReversals(on: On) {
  it('takes a part back, then the rest, each once', async () => {
    const { lender, call, draw, newDraw, reverse } = on()
    const order = newDraw(300_00)
    const { lenderNo } = dataOf(await draw(order))
    const part = reversalOf(on(), order, lenderNo, 100_01)
    expect(await lender.queryReversal(call, part)).toEqual({ outcome: 'none' })
    const reversed = dataOf(await reverse(part))
    expect(reversed.amountFen).toBe(100_01)
    expect(dataOf(await reverse(part)).lenderNo).toBe(reversed.lenderNo)
    expect(dataOf(await lender.queryReversal(call, part))).toEqual(reversed)
    expect(await left(on())).toEqual([199_99, LIMIT - 199_99])
    dataOf(await reverse(reversalOf(on(), order, lenderNo, 199_99)))
    expect(await left(on())).toEqual([0, LIMIT])
  })

  it('takes no more back than was drawn', async () => {
    const { draw, newDraw, reverse } = on()
    const order = newDraw(300_00)
    const { lenderNo } = dataOf(await draw(order))
    const tooMuch = reversalOf(on(), order, lenderNo, 300_01)
    expect(await reverse(tooMuch)).toMatchObject(no('amount_wrong'))
    expect(await left(on())).toEqual([300_00, LIMIT - 300_00])
  })
}

function describeRepayment(on: On) {
  it('announces it, takes it once, and finds it by its number', async () => {
    const { lender, call, draw, newDraw, newNo, holder } = on()
    const order = newDraw(300_00)
    dataOf(await draw(order))
    const repayment = {
      repaymentNo: newNo(),
      holder,
      scope: 'partial' as const,
      about: { drawNo: order.drawNo },
      amountFen: fen(120_00),
      requestedAt: order.requestedAt,
    }
    expect(dataOf(await lender.createRepayment(call, repayment)).amountFen).toBe(120_00)
    const repaid = dataOf(await lender.payRepayment(call, repayment))
    expect(repaid.amountFen).toBe(120_00)
    expect(dataOf(await lender.payRepayment(call, repayment)).lenderNo).toBe(repaid.lenderNo)
    expect(dataOf(await lender.queryRepayment(call, repayment)).lenderNo).toBe(repaid.lenderNo)
  })

  it('is none when nothing was taken', async () => {
    const { lender, call, newNo, holder, newDraw } = on()
    const { requestedAt } = newDraw(1)
    const never = {
      repaymentNo: newNo(),
      holder,
      scope: 'remaining' as const,
      about: null,
      amountFen: fen(1),
      requestedAt,
    }
    expect(await lender.queryRepayment(call, never)).toEqual({ outcome: 'none' })
  })
}

function describeStatement(on: On) {
  it('has every draw and every reversal of the day, and nothing that was refused', async () => {
    const { lender, call, draw, newDraw, reverse, endDay } = on()
    const [order, refused] = [newDraw(300_00), newDraw(LIMIT)]
    const drawn = dataOf(await draw(order))
    expect((await draw(refused)).outcome).toBe('refused')
    const back = reversalOf(on(), order, drawn.lenderNo, 100_00)
    const reversed = dataOf(await reverse(back))
    const request = { careHospitalId: HOSPITAL, businessDate: endDay() }
    const answer = await lender.dayStatement(call, request)
    if (answer.outcome !== 'lines') throw new Error(JSON.stringify(answer))
    const ours = new Set([order.drawNo, refused.drawNo, back.reversalNo])
    expect(answer.lines.filter(({ ourNo }) => ours.has(ourNo))).toEqual([
      { kind: 'draw', ourNo: order.drawNo, ...drawn },
      { kind: 'reversal', ourNo: back.reversalNo, ...reversed },
    ])
    expect(answer.content).toContain(order.drawNo)
  })
}
