import { describe, expect, it } from 'vitest'

import { bySandboxValue } from './sandbox-values.ts'

const WRITE_BACK = { simulator: 'his' as const, operation: 'bills.writeBack', attempt: 1 }
const at = (key: string, about = '') => bySandboxValue({ ...WRITE_BACK, key, about })
const REFUSAL = { kind: 'decline', code: 'BILL_VOID' }

describe('a value of the sandbox', () => {
  it.each([
    'ZD0120261122000007-HIS-REFUSE',
    '门诊费用 ZD0120261122000007-HIS-REFUSE#1',
    '门诊费用 ZD0120261122000006 ZD0120261122000007-HIS-REFUSE#2/r1',
  ])('is found where it ends a number: %s', (key) => {
    expect(at(key)).toEqual(REFUSAL)
  })

  it('is found in what was told when the matter began', () => {
    expect(at('H1/1#1', '{"atddr_no":"10101-HIS-REFUSE"}')).toEqual(REFUSAL)
  })

  it.each([
    'ZD0120261122000007',
    'HIS-REFUSE',
    'ZD0120261122000007-HIS-REFUSED',
    'ZD0120261122000007-HIS-REFUSE-X',
    'ZD0120261122000007-his-refuse',
    'ZD0120261122000007-DECLINE', // the wallet's
  ])('is no other word, nor where it stands alone: %s', (key) => {
    expect(at(key)).toBeNull()
  })
})
