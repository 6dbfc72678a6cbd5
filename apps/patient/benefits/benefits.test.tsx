// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { MyBenefit, OfferedProgramme } from '../../../contract/client.ts'
import { loadPayerWords } from '../parts/payer-words.ts'
import { answersOf, problemOf, showLater } from '../testing/later.tsx'
import { BenefitsPage } from './BenefitsPage.tsx'
import { daysLeft } from './days-left.ts'

configure({ asyncUtilTimeout: 10_000 })

beforeEach(() => sessionStorage.clear())
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const PROGRAMME = '0193a000-0000-7000-8000-00000000000a'

const benefit = (given: Partial<MyBenefit> = {}): MyBenefit => ({
  id: '0193a000-0000-7000-8000-000000000001',
  programmeId: PROGRAMME,
  kind: 'voucher',
  amountFen: 1_000,
  usedFen: 300,
  validFrom: '2026-11-01',
  validUntil: '2026-11-26',
  status: 'active',
  items: [],
  name: { zh: '健康代金券', en: 'Voucher' },
  document: 'points:1',
  grounds: '100 points',
  ...given,
})

const programme = (given: Partial<OfferedProgramme> = {}): OfferedProgramme => ({
  id: PROGRAMME,
  name: { zh: '高龄补助', en: 'Aid' },
  funder: { kind: 'region', code: 'R', name: '卫健委' },
  terms: {
    kind: 'subsidy',
    rule: {
      anyOf: [[{ fact: 'ageYears', atLeast: 80 }], [{ fact: 'insured', is: true }]],
    },
    byGrant: false,
    sharePpm: 200_000,
    perVisitMostFen: 5_000,
    perYearMostFen: null,
    categories: [],
    combines: false,
    position: 1,
  },
  startsOn: '2026-01-01',
  endsOn: '2026-12-31',
  budget: { allottedFen: 100_000, freeFen: 40_000 },
  standing: { met: false, fact: 'inNeed', known: false },
  ...given,
})

const OFFER = {
  programmeId: PROGRAMME,
  name: { zh: '健康代金券', en: 'Voucher' },
  code: 'ten',
  points: 100,
  amountFen: 1_000,
  validDays: 90,
}

type Given = {
  mine?: MyBenefit[]
  programmes?: OfferedProgramme[]
  offers?: object[]
  points?: number
  routes?: Parameters<typeof answersOf>[0]
}

async function draw({ mine = [], programmes = [], offers = [], points = 0, routes }: Given) {
  const lots = [{ year: 2026, rest: points, expiresOn: '2027-12-31' }]
  const { sent, fetch } = answersOf({
    'GET /my-benefits': () => ({ items: mine }),
    'GET /my-benefit-programmes': () => ({ items: programmes }),
    'GET /voucher-offers': () => ({ items: offers }),
    'GET /my-points': () => ({ points, lots, entries: [] }),
    ...routes,
  })
  vi.stubGlobal('fetch', fetch)
  await showLater(BenefitsPage, loadPayerWords, {})
  return sent
}

it('exchanges points once, after asking, and says what for', async () => {
  const sent = await draw({
    offers: [OFFER],
    points: 120,
    routes: { 'POST /point-exchanges': () => benefit({ usedFen: 0 }) },
  })
  fireEvent.click(await screen.findByRole('button', { name: '用 100 分换 ¥10.00' }))
  expect(sent).toEqual([])
  fireEvent.click(await screen.findByText('兑换', { selector: 'button' }))
  await screen.findByText(/已换得 ¥10\.00/)
  expect(sent.map(({ body }) => body)).toEqual([{ programmeId: PROGRAMME, offerCode: 'ten' }])
})

it('says how many points are lacking, and a refusal in words', async () => {
  await draw({ offers: [OFFER], points: 40 })
  expect(await screen.findByText('还差 60 分。')).toBeTruthy()
  cleanup()
  await draw({
    offers: [OFFER],
    points: 100,
    routes: { 'POST /point-exchanges': () => problemOf(422, 'benefits.budget_used_up') },
  })
  fireEvent.click(await screen.findByRole('button', { name: /用 100 分换/ }))
  fireEvent.click(await screen.findByText('兑换', { selector: 'button' }))
  await screen.findByText('该项目的剩余额度不足。')
})

it('shows what is left of a voucher, until when, and where it came from', async () => {
  await draw({ mine: [benefit()] })
  const card = await screen.findByRole('article', { name: '健康代金券' })
  await expect.poll(() => card.textContent).toContain('还有 5 天')
  for (const words of ['¥7.00', '已用 ¥3.00', '来源：积分兑换。']) {
    expect(card.textContent).toContain(words)
  }
})

it('counts a package down, and puts what is over behind its title', async () => {
  const terms = {
    kind: 'package' as const,
    rule: { anyOf: [[]] },
    priceFen: 36_500,
    validDays: 365,
    items: [{ code: 'GLU', name: '测血糖', most: 3 }],
  }
  await draw({
    mine: [
      benefit({ kind: 'package', amountFen: null, items: [{ code: 'GLU', most: 3, used: 1 }] }),
      benefit({
        id: '0193a000-0000-7000-8000-000000000002',
        kind: 'subsidy',
        name: { zh: '困难补助', en: 'Aid' },
        status: 'expired',
        document: '民政〔2026〕1 号',
        grounds: '低保',
      }),
    ],
    programmes: [programme({ terms, standing: { met: true, fact: null, known: true } })],
  })
  const card = await screen.findByRole('article', { name: '健康代金券' })
  await expect.poll(() => card.textContent).toContain('测血糖剩 2 次，共 3 次')
  expect(screen.getByText('已用完或过期的 1 项')).toBeTruthy()
  const over = screen.getByRole('article', { name: '困难补助' })
  expect(over.textContent).toContain('依据：民政〔2026〕1 号，低保。')
  expect(screen.getByText('请到医院收费窗口购买，付款后自动生效。')).toBeTruthy()
})

it('says a programme’s rule, limits and budget, and what is not known of the reader', async () => {
  await draw({ programmes: [programme()] })
  const section = await screen.findByRole('group', { name: '正在进行的项目' })
  const words = within(section)
  for (const text of [
    '符合其中一条即可：',
    '年满 80 岁',
    '已参加医保',
    '补助自付部分的 20%',
    '每次就诊最多 ¥50.00',
    '不能与同类补助一起用',
    '预算 ¥1,000.00，还剩 ¥400.00，用完为止。',
    /还不知道您是否符合：是否登记为困难人员。/,
  ]) {
    expect(words.getByText(text)).toBeTruthy()
  }
})

it('counts days to the last one included', () => {
  const noon = Date.parse('2026-11-22T04:00:00Z')
  expect(daysLeft('2026-11-22', noon)).toBe(1)
  expect(daysLeft('2026-11-26', noon)).toBe(5)
  expect(daysLeft('2026-11-21', noon)).toBe(0)
  expect(daysLeft('soon', noon)).toBeNull()
})
