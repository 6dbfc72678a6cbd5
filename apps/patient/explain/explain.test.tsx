// @vitest-environment happy-dom
import { cleanup, configure, screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'

import type { CatalogueExplanation } from '../../../contract/client.ts'
import { loadCatalogueWords, loadPayerWords } from '../parts/payer-words.ts'
import { answersOf, problemOf, showLater } from '../testing/later.tsx'
import { ExplainPage } from './ExplainPage.tsx'

configure({ asyncUtilTimeout: 10_000 })

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const explained: CatalogueExplanation = {
  region: '990001',
  version: '2026-01',
  on: '2026-11-22',
  insurerSaidAt: null,
  lines: [
    {
      lineNo: 1,
      code: 'Y0002',
      name: '氯吡格雷片',
      entryCode: 'X1',
      coverClass: 'B',
      amountFen: 4_480,
      ownFen: 0,
      overLimitFen: 480,
      firstShareFen: 400,
      inScopeFen: 3_600,
      reasons: [
        { code: 'class_b', params: {} },
        { code: 'over_limit', params: { amountFen: 480, limitMicroYuan: 20_000_000 } },
        { code: 'first_share', params: { amountFen: 400, sharePpm: 100_000 } },
        { code: 'in_scope', params: { amountFen: 3_600 } },
      ],
      alternatives: [
        {
          entryCode: 'X2',
          itemCode: 'Y9001',
          name: '氯吡格雷片（集采）',
          spec: '75mg×14片',
          coverClass: 'A',
          unitPriceFen: 680,
          isOfSameSpec: false,
          savingPerUnitFen: 1_560,
          savingFen: 3_120,
        },
      ],
    },
    {
      lineNo: 2,
      code: 'F1',
      name: '病历本',
      entryCode: null,
      coverClass: null,
      amountFen: 100,
      ownFen: 100,
      overLimitFen: 0,
      firstShareFen: 0,
      inScopeFen: 0,
      reasons: [{ code: 'line_unmatched', params: { amountFen: 100 } }],
      alternatives: [],
    },
  ],
  estimate: null,
}

const withEstimate: CatalogueExplanation = {
  ...explained,
  estimate: {
    isEstimate: true,
    totalFen: 4_580,
    ownFen: 100,
    overLimitFen: 480,
    firstShareFen: 400,
    inScopeFen: 3_600,
    unmatchedFen: 100,
    deductibleFen: 1_000,
    poolFen: 1_820,
    largeSumFen: 0,
    fundFen: 1_820,
    personalFen: 2_760,
    accountFen: 0,
    cashFen: 2_760,
    steps: [
      { code: 'deductible', params: { amountFen: 1_000, wholeFen: 30_000 } },
      { code: 'deductible_left', params: { amountFen: 29_000 } },
      { code: 'segment', params: { partFen: 2_600, sharePpm: 700_000, amountFen: 1_820 } },
      { code: 'cap_left', params: { amountFen: 500_000 } },
    ],
  },
}

async function draw(answer: () => unknown) {
  const { fetch } = answersOf({ 'GET /explanation': answer })
  vi.stubGlobal('fetch', fetch)
  const loadWords = () => Promise.all([loadPayerWords(), loadCatalogueWords()])
  await showLater(ExplainPage, loadWords, { hospitalId: 1, billNo: 'B1' })
}

it('explains each line in plain words, with the figures, and what it adds up to', async () => {
  await draw(() => explained)
  const line = await screen.findByRole('article', { name: '氯吡格雷片' })
  for (const words of [
    '单价超过医保限价 ¥20.00，超出的 ¥4.80 由您自付。',
    '先自付 10%，即 ¥4.00。',
    '纳入报销范围 ¥36.00。',
  ]) {
    expect(within(line).getByText(words)).toBeTruthy()
  }
  expect(screen.getByText('还没有对照到医保目录，暂按自费 ¥1.00 估算。')).toBeTruthy()
  const sum = screen.getByRole('region', { name: '这张账单' }).textContent
  expect(sum).toMatch(/可以进入报销¥36\.00[^]*不能报销¥1\.00[^]*合计¥45\.80/)
  expect(screen.getByText('以下为估算，实际以医保结算为准。')).toBeTruthy()
  expect(screen.queryByRole('region', { name: '报销估算' })).toBeNull()
})

it('shows what could take its place with the saving, and nothing to choose it by', async () => {
  await draw(() => explained)
  const line = await screen.findByRole('article', { name: '氯吡格雷片' })
  expect(line.textContent).toContain('可考虑的医保内同类药品 1 种')
  expect(line.textContent).toContain('仅供与医生商量，用哪一种由医生和您决定。')
  expect(line.textContent).toContain('估算可少付 ¥31.20')
  expect(line.textContent).toContain('规格不同，用量由医生换算')
  expect(within(line).queryAllByRole('button')).toEqual([])
  expect(within(line).queryAllByRole('link')).toEqual([])
})

it('marks an estimate as one, with deductible used and left, share and cap', async () => {
  await draw(() => withEstimate)
  const estimate = await screen.findByRole('region', { name: '报销估算' })
  expect(estimate.querySelector('.mark')?.textContent).toBe('估算')
  for (const words of [
    '起付线以内 ¥10.00 由您自付（起付线 ¥300.00）。',
    '起付线还差 ¥290.00，满了以后才开始报销。',
    '其中 ¥26.00 按 70% 报销，基金支付 ¥18.20。',
    '今年的统筹基金还可支付 ¥5,000.00。',
  ]) {
    expect(within(estimate).getByText(words)).toBeTruthy()
  }
})

it('says calmly where a hospital has no catalogue', async () => {
  await draw(() => problemOf(422, 'catalogue.hospital_not_set'))
  expect(await screen.findByText('还没有设置医院使用的医保目录。')).toBeTruthy()
})
