import { expect, it } from 'vitest'

import { firstDepartment } from '../../apps/simulators/his/testing.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { call, type Offer, ok, personOf, refused, type Stage } from './stage.ts'

/** From the bed to the settlement. */
export function stayJourney(stage: () => Stage, { operations }: Offer): void {
  const offers = operations.has('stays.get')

  it.runIf(!offers)('is not offered, and says so', async () => {
    expect(await stage().system.stay(call, 'P1')).toEqual(refused('not_supported'))
  })

  it.runIf(offers)('has no stay for who is not on the ward', async () => {
    expect(ok(await stage().system.stay(call, await patientOf(stage(), 5)))).toBeNull()
  })

  it.runIf(offers)('takes a deposit once, and settles what the stay has cost', async () => {
    const { system, his, clock } = stage()
    const patientNo = await patientOf(stage(), 6)
    his.admit({ personNo: personOf(6).no, departmentCode: firstDepartment().code })
    const stay = ok(await system.stay(call, patientNo))
    const stayNo = stay?.stayNo ?? ''
    expect(stay).toMatchObject({ patientNo, status: 'in_hospital' })
    const deposit = {
      depositNo: 'JDEP1',
      stayNo,
      amountFen: fen(300_000),
      paidAt: clock.now(),
      tenders: [{ kind: 'self_pay' as const, amountFen: fen(300_000), tradeNo: 'WXDEP1' }],
    }
    const paid = ok(await system.payDeposit(call, deposit))
    expect(ok(await system.payDeposit(call, deposit)).receiptNo).toBe(paid.receiptNo)
    expect(ok(await system.stay(call, patientNo))).toMatchObject({ depositFen: 300_000 })
    const lines = ok(await system.dailyList(call, { stayNo, businessDate: DAY }))
    expect(lines.totalFen).toBe(lines.lines.reduce((sum, line) => sum + line.amountFen, 0))
    his.orderDischarge(stayNo)
    expect(ok(await system.stay(call, patientNo))?.status).toBe('discharge_ordered')
    const settled = ok(await system.preSettleStay(call, stayNo))
    const { totalFen, toReturnFen, depositFen, pooledFen, accountFen, otherFen, toPayFen } = settled
    expect(totalFen + toReturnFen).toBe(depositFen + pooledFen + accountFen + otherFen + toPayFen)
  })

  it.runIf(offers)('does not know a stay that is none', async () => {
    const none = { stayNo: 'NOSTAY', businessDate: DAY }
    expect(await stage().system.dailyList(call, none)).toEqual(refused('stay_not_found'))
  })
}

const DAY = businessDate('2026-11-23')

async function patientOf({ system }: Stage, i: number): Promise<string> {
  const { idCardNo, name } = personOf(i)
  return ok(await system.resolvePatient(call, { idCardNo, name })).patientNo
}
