import { describe, expect, it } from 'vitest'

import { chartOf, STANDARD_CHART } from './chart.ts'

describe('[B1] the chart of accounts', () => {
  it.each([
    ['receivable/insurance/fund', '应收医保结算款', '1212'],
    ['receivable/wechat/self_pay', '应收支付渠道款', '1212'],
    ['custody/0190b3a0', '预交金存管', '1002'],
    ['owed/depositors', '预收患者预交金', '2305'],
    ['income', '医疗收入', '4101'],
    ['loans/principal', '贷款本金', null],
  ])('names %s as an accountant does', (code, zh, subjectCode) => {
    expect(chartOf(code)).toMatchObject({ code, zh, subjectCode })
  })

  it('keeps what stood for the parts', () => {
    expect(chartOf('receivable/wechat/self_pay')?.parts).toEqual({
      provider: 'wechat',
      part: 'self_pay',
    })
  })

  it('takes the hospital’s own line first', () => {
    const own = {
      pattern: 'receivable/wechat/{part}',
      kind: 'asset',
      zh: '应收微信',
      en: 'WeChat',
      subjectCode: '121201',
      subjectName: '应收账款-微信',
    } as const
    expect(chartOf('receivable/wechat/self_pay', [own])).toMatchObject({ subjectCode: '121201' })
    expect(chartOf('receivable/alipay/self_pay', [own])).toMatchObject({ subjectCode: '1212' })
  })

  it('does not guess', () => {
    for (const code of ['', 'receivable/wechat', 'receivable//self_pay', 'income/other/x']) {
      expect(chartOf(code)).toBeNull()
    }
  })

  it('has each pattern once', () => {
    const patterns = STANDARD_CHART.map(({ pattern }) => pattern)
    expect(new Set(patterns).size).toBe(patterns.length)
  })
})
