import { expect, it } from 'vitest'

import { redactFields, redactWords } from './redact.ts'

it('shows what it knows, and masks all else', () => {
  const text = redactFields({
    merId: '898340183980105',
    orderId: '0001068QEWK9P7R2B4M6T8V0X1Z3C5',
    qrNo: '6220835931895481436',
    accNo: '6217001210024455220',
    tn: '812345678901234567890',
    signature: 'abc',
    customerInfo: 'e3Bob25lTm89MTM1NTI1MzU1MDZ9',
    someday: 'secret',
    reqReserved: '0190b3a0-0000-7000-8000-000000000001',
  })
  expect(text).toBe(
    'merId=898340183980105&orderId=0001068QEWK9P7R2B4M6T8V0X1Z3C5&qrNo=***&accNo=***&tn=***' +
      '&signature=***&customerInfo=***&someday=***&reqReserved=0190b3a0-0000-7000-8000-000000000001',
  )
})

it('takes numbers as long as a phone or a card out of words', () => {
  expect(redactWords('卡6217001210024455220不支持[6100030]')).toBe('卡***不支持[6100030]')
  expect(redactWords('手机13552535506，6217 0012 1002 4455')).toBe('手机***，***')
  expect(redactFields({ respMsg: '手机13552535506' })).toBe('respMsg=手机***')
})
