import { expect, it } from 'vitest'

import { shownTo } from './shown.ts'

const LINE = { lineNo: 1, name: '阿莫西林胶囊', spec: '0.25g', amountFen: 1_200 }
const OPEN = {
  billNo: 'B1',
  kind: 'outpatient',
  title: '肿瘤科 王医生',
  totalFen: 1_200,
  lines: [LINE],
}
const PAYMENT = {
  id: 'p',
  bills: [{ ...OPEN, kind: undefined, guidance: ['三楼放射科'] }],
  refunds: [{ lineNos: [1], refusalCode: null, reason: '停用阿莫西林', amountFen: 1_200 }],
}

it.each(['bank', 'app', 'insurer'] as const)('S-37: a %s sees amounts and no treatment', (kind) => {
  const shown = shownTo(kind, { bills: [OPEN], payment: PAYMENT })
  expect(JSON.stringify(shown)).not.toMatch(/阿莫西林|肿瘤|放射|王医生/)
  expect(shown).toMatchObject({
    bills: [{ billNo: 'B1', title: '门诊费用', totalFen: 1_200, lines: [] }],
    payment: { bills: [{ guidance: [] }], refunds: [{ reason: '', amountFen: 1_200 }] },
  })
})

it('a registration is called one', () => {
  expect(shownTo('bank', { ...OPEN, kind: 'registration' })).toMatchObject({ title: '挂号费' })
})

it('a vendor of hospital systems sees the lines, as those systems wrote them', () => {
  expect(shownTo('his_vendor', PAYMENT)).toBe(PAYMENT)
})
