import { expect, it } from 'vitest'

import { verdictOf } from './statuses.ts'

const TYPES = ['CASH_ONLY', 'INSURANCE_ONLY', 'CASH_AND_INSURANCE']
const STATES = ['CREATED', 'SUCCESS', 'REFUND', 'FAIL']
const parts = (prefix: string, none: string) => [...STATES.map((one) => `${prefix}_${one}`), none]

const all = TYPES.flatMap((mix_pay_type) =>
  STATES.flatMap((mix) =>
    parts('SELF_PAY', 'NO_SELF_PAY').flatMap((self_pay_status) =>
      parts('MED_INS_PAY', 'NO_MED_INS_PAY').map((med_ins_pay_status) => ({
        mix_pay_type,
        mix_pay_status: `MIX_PAY_${mix}`,
        self_pay_status,
        med_ins_pay_status,
      })),
    ),
  ),
)

it('knows 24 of the 300 ways three statuses can stand together, and none of the others', () => {
  expect(all).toHaveLength(300)
  expect(all.filter((statuses) => verdictOf(statuses) !== null)).toHaveLength(24)
})

it('F-53 says paid only when every part that there is was paid', () => {
  const paid = all.filter((statuses) => verdictOf(statuses) === 'paid')
  expect(
    paid.map((one) => [one.mix_pay_type, one.self_pay_status, one.med_ins_pay_status]),
  ).toEqual([
    ['CASH_ONLY', 'SELF_PAY_SUCCESS', 'NO_MED_INS_PAY'],
    ['INSURANCE_ONLY', 'NO_SELF_PAY', 'MED_INS_PAY_SUCCESS'],
    ['CASH_AND_INSURANCE', 'SELF_PAY_SUCCESS', 'MED_INS_PAY_SUCCESS'],
  ])
})

it('never says failed or refunded while a part is still paid', () => {
  const over = all.filter((one) => ['failed', 'refunded'].includes(verdictOf(one) ?? ''))
  expect(over).not.toEqual([])
  for (const one of over) {
    expect([one.self_pay_status, one.med_ins_pay_status].join()).not.toContain('SUCCESS')
  }
})

it.each(['MIX_PAY_REVERSED', 'MIX_PAY_USER_PAYING', '', 'constructor'])(
  'a status it never heard of says nothing: %s',
  (mix_pay_status) => {
    const [first] = all
    if (first === undefined) throw new Error('there is one')
    expect(verdictOf({ ...first, mix_pay_status })).toBeNull()
  },
)
