import { expect, it } from 'vitest'

import { type DataClass, mayUnmask, shown, type Viewer } from './classification.ts'

const EVERYBODY: readonly Viewer[] = [
  'owner',
  'treating',
  'cashier',
  'it',
  'finance',
  'auditor',
  'others',
]

/** What each kind of data looks like to everybody, but for those who see something else. */
const SEEN: readonly [DataClass, string, string | null, Partial<Record<Viewer, string>>][] = [
  ['secret', '123456', null, {}],
  ['identityNumber', '370202198001010013', '3****************3', {}],
  ['identityNumber', '370202800101001', '3*************1', {}],
  ['identityNumber', 'E12345678', 'E*******8', {}],
  ['identityNumber', 'H1234567800', 'H*********0', {}],
  ['phone', '13712341250', '137******50', { cashier: '137****1250', it: '137****1250' }],
  ['bankAccount', '6225751234561496', '622575******1496', {}],
  ['name', '王小明', '*小明', whole('王小明')],
  ['name', '张三', '*三', whole('张三')],
  ['name', '𠮷田', '*田', whole('𠮷田')],
  ['name', '买买提·吐尔逊', '*****尔逊', whole('买买提·吐尔逊')],
  ['account', 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', 'oU************************6o', {}],
  ['birthDate', '1980-01-01', '1980-**-**', whole('1980-01-01')],
  ['address', '山东省青岛市市南区香港中路1号', '山东省青岛市***', {}],
  ['diagnosis', '抑郁发作', '门诊费用', { treating: '抑郁发作' }],
  ['amount', '12.30', '12.30', {}],
]

it.each(SEEN)('[S5] %s %s is shown as %s, and otherwise to %o', (dataClass, value, usual, by) => {
  for (const viewer of EVERYBODY) {
    expect([viewer, shown(dataClass, value, [viewer])]).toEqual([viewer, by[viewer] ?? usual])
  }
  expect(shown(dataClass, value, [])).toBe(usual)
})

it('[S5] a bank sees no line of a bill, and of two roles the one counts that sees more', () => {
  expect(shown('billLine', '碳酸锂片', ['others'])).toBeNull()
  expect(shown('billLine', '碳酸锂片', ['cashier'])).toBe('碳酸锂片')
  expect(shown('name', '张三', ['auditor', 'cashier'])).toBe('张三')
})

it('[S5] nobody is ever shown a secret or a bank card in full, whatever they prove', () => {
  expect(mayUnmask('secret')).toBe(false)
  expect(mayUnmask('bankAccount')).toBe(false)
  expect(mayUnmask('identityNumber')).toBe(true)
})

function whole(value: string): Partial<Record<Viewer, string>> {
  return { owner: value, treating: value, cashier: value, it: value }
}
