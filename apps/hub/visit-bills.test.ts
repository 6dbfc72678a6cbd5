import { expect, it } from 'vitest'

import { AppError } from '../../kernel/error.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createVisitBills } from './visit-bills.ts'

const VISIT = { id: 'v1', personId: 'p1', careHospitalId: 17, visitNo: null, day: '2026-11-22' }

type Bill = { billNo: string; version: number; visitNo: string; billedAt: Date }

const bill = (billNo: string, visitNo: string, changes: Partial<Bill> = {}): Bill => ({
  billNo,
  version: 1,
  visitNo,
  billedAt: new Date('2026-11-22T09:00:00+08:00'),
  ...changes,
})

/** A hospital with these bills, and plans that leave something to the payer for those of `dear` visits. */
function scripted(bills: Bill[], { dear = [] as string[], busy = 0 } = {}) {
  const { newId } = testPlatform('2026-11-22T10:00:00+08:00')
  const planned: string[] = []
  const paid: string[] = []
  const plans = new Map<string, string[]>()
  let timesBusy = busy
  const hub = {
    billing: { openBills: async () => ({ bills, stale: false }) },
    payments: {
      async quote(wish: { paymentId: string; bills: { billNo: string }[] }) {
        const billNos = wish.bills.map(({ billNo }) => billNo)
        plans.set(wish.paymentId, billNos)
        planned.push(billNos.join(' '))
      },
      async tendersOf(_hospitalId: number, id: string) {
        const isDear = bills.some(
          (b) => plans.get(id)?.includes(b.billNo) && dear.includes(b.visitNo),
        )
        return [{ phase: 'settle' }, ...(isDear ? [{ phase: 'payer' }] : [])]
      },
      async confirm(_hospitalId: number, _personId: string, id: string) {
        if (timesBusy-- > 0) throw new AppError('payments.bill_taken', 'conflict', {})
        paid.push(...(plans.get(id) ?? []))
      },
    },
  }
  const visitBills = createVisitBills({ newId }, hub as never)
  return { look: () => visitBills.payBillsOf(VISIT as never), planned, paid }
}

it('[N5] pays the bills of the day without a tap, one payment for each visit, and none of another day', async () => {
  const old = bill('old', 'MZ0', { billedAt: new Date('2026-11-21T09:00:00+08:00') })
  const { look, paid, planned } = scripted([
    bill('a', 'MZ1'),
    bill('b', 'MZ1'),
    bill('c', 'MZ2'),
    old,
  ])
  expect(await look()).toBe(2)
  expect(planned).toEqual(['a b', 'c'])
  expect(paid).toEqual(['a', 'b', 'c'])
})

it('leaves what would leave something to the payer, and plans it anew only when it has changed', async () => {
  const bills = [bill('a', 'MZ1'), bill('c', 'MZ2')]
  const { look, paid, planned } = scripted(bills, { dear: ['MZ1', 'MZ2'] })
  for (let times = 0; times < 3; times++) expect(await look()).toBe(0)
  expect(planned).toEqual(['a', 'c'])
  bills[0] = bill('a', 'MZ1', { version: 2 })
  await look()
  expect(planned).toEqual(['a', 'c', 'a'])
  expect(paid).toEqual([])
})

it('looks again at a bill that somebody else was just paying', async () => {
  const { look, paid } = scripted([bill('a', 'MZ1')], { busy: 1 })
  expect(await look()).toBe(0)
  expect(await look()).toBe(1)
  expect(paid).toEqual(['a'])
})
