// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'

import type { CoverageClaim, CoverageConsent, CoveragePolicy } from '../../../contract/client.ts'
import { loadPayerWords } from '../parts/payer-words.ts'
import { answersOf, problemOf, showLater } from '../testing/later.tsx'
import { CoverPage } from './CoverPage.tsx'

configure({ asyncUtilTimeout: 10_000 })

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const policy = (given: Partial<CoveragePolicy> = {}): CoveragePolicy => ({
  insurerCode: 'huiminbao',
  policyNo: 'P0001',
  productCode: 'HMB',
  productName: '城市惠民保',
  productKind: 'ordinary',
  state: 'in_force',
  validFrom: '2026-01-01',
  validUntil: '2026-12-31',
  waitingUntil: null,
  deductibleFen: 20_000,
  deductibleUsedFen: 5_000,
  ratioPpm: 800_000,
  capFen: 2_000_000,
  paidFen: 30_000,
  verifiedAt: '2026-11-22T01:00:00Z',
  bound: true,
  ...given,
})

const consent = (purpose: CoverageConsent['purpose']): CoverageConsent => ({
  id: `0193a000-0000-7000-8000-00000000000${purpose.length % 10}`,
  insurerCode: 'huiminbao',
  purpose,
  version: '2026-11',
  scope: purpose === 'claim_papers' ? ['receipt'] : [],
  givenAt: '2026-11-01T00:00:00Z',
  expiresAt: '2027-11-01T00:00:00Z',
  withdrawnAt: null,
  inForce: true,
})

const claim: CoverageClaim = {
  id: '0193a000-0000-7000-8000-000000000001',
  paymentId: '0193a000-0000-7000-8000-000000000002',
  insurerCode: 'huiminbao',
  policyNo: 'P0001',
  payFen: 12_000,
  owedFen: 12_000,
  status: 'refused',
  dueBy: '2026-11-23T10:00:00Z',
  claimNo: 'LP-7',
  sentKinds: ['receipt'],
  wanted: [],
  reason: '既往症不在保障范围',
  submittedAt: '2026-11-22T03:00:00Z',
  decidedAt: '2026-11-22T05:00:00Z',
  attention: 'refused_after_settlement',
  resolution: null,
  resolvedAt: null,
  createdAt: '2026-11-22T02:00:00Z',
}

const TEXTS = (['policy_check', 'claim_papers'] as const).map((purpose) => ({
  purpose,
  version: '2026-11',
  zh: `授权书 ${purpose}`,
  en: purpose,
}))

type Given = {
  policies?: CoveragePolicy[]
  consents?: CoverageConsent[]
  claims?: CoverageClaim[]
  routes?: Parameters<typeof answersOf>[0]
}

async function draw({ policies = [], consents = [], claims = [], routes = {} }: Given) {
  const insurers = [{ code: 'huiminbao', name: '惠民保' }]
  const { sent, fetch } = answersOf({
    'GET /coverage': () => ({ insurers, policies, consents, texts: TEXTS }),
    'GET /my-claims': () => ({ items: claims }),
    ...routes,
  })
  vi.stubGlobal('fetch', fetch)
  await showLater(CoverPage, loadPayerWords, {})
  return sent
}

it('shows what is agreed to in full, with nothing ticked, and sends what was agreed', async () => {
  const sent = await draw({ routes: { 'POST /consents': () => consent('policy_check') } })
  fireEvent.click(await screen.findByRole('switch', { name: '允许查询我的保单' }))
  const form = await screen.findByRole('form', { name: '允许查询我的保单' })
  expect(form.textContent).toContain('授权书 policy_check')
  for (const box of within(form).getAllByRole('checkbox')) {
    expect((box as HTMLInputElement).checked).toBe(false)
  }
  const agree = within(form).getByRole('button', { name: '同意' })
  await expect.poll(() => (agree as HTMLButtonElement).disabled).toBe(false)
  fireEvent.click(agree)
  await expect.poll(() => sent.length).toBe(1)
  const { body } = sent[0] ?? {}
  expect(body).toMatchObject({ purpose: 'policy_check', version: '2026-11', scope: [] })
  expect(String((body as { expiresAt: string }).expiresAt)).toMatch(/^2027-11-22/)
})

it('finds policies after consent, and binds the one that is chosen', async () => {
  const found = [policy({ bound: false, productKind: 'chronic_package' })]
  const sent = await draw({
    consents: [consent('policy_check')],
    routes: { 'GET /policies': () => ({ items: found }), 'POST /policies': () => policy() },
  })
  fireEvent.click(await screen.findByRole('button', { name: '查询我的保单' }))
  const bind = await screen.findByRole('button', { name: '绑定，缴费时使用' })
  expect(screen.getByText(/慢病包：只赔所保的慢性病/)).toBeTruthy()
  fireEvent.click(bind)
  await expect
    .poll(() => sent)
    .toEqual([
      {
        at: 'POST /v1/hospitals/1/coverage/policies',
        body: { insurerCode: 'huiminbao', policyNo: 'P0001' },
      },
    ])
})

it('says how far deductible and cap are used, and what it pays in between', async () => {
  await draw({
    policies: [policy({ waitingUntil: '2026-12-01' })],
    consents: [consent('policy_check')],
  })
  await screen.findByText('共 ¥200.00，已用 ¥50.00，还差 ¥150.00。')
  for (const words of [
    '超过免赔额的部分赔 80%。',
    '最多 ¥20,000.00，已赔 ¥300.00，还可赔 ¥19,700.00。',
    '12月1日 周二 起才赔付。',
    '有效',
  ]) {
    expect(screen.getByText(words)).toBeTruthy()
  }
})

it('says that a policy without consent is not used', async () => {
  await draw({ policies: [policy()] })
  await screen.findByText('您没有同意查询，缴费时不会用这张保单。')
  expect(screen.queryByRole('button', { name: '重新核实' })).toBeNull()
})

it('asks once more before a consent is withdrawn', async () => {
  const sent = await draw({
    policies: [policy()],
    consents: [consent('policy_check'), consent('claim_papers')],
    routes: { 'POST /withdrawal': () => null },
  })
  await screen.findByText(/包括：票据。/)
  fireEvent.click(screen.getByRole('switch', { name: '允许发送理赔材料' }))
  expect(sent).toEqual([])
  fireEvent.click(await screen.findByText('撤回', { selector: 'button' }))
  await expect
    .poll(() => sent.map(({ at }) => at))
    .toEqual([expect.stringMatching(/coverage\/consents\/.*\/withdrawal$/)])
})

it('tells a refusal in the insurer’s words, what is owed and where', async () => {
  await draw({ claims: [claim] })
  const card = await screen.findByRole('article', { name: '市立的理赔' })
  for (const words of ['缴费时保险已先付 ¥120.00', '材料已送出：票据', '保险公司没有同意赔付']) {
    expect(card.textContent).toContain(words)
  }
  expect(card.textContent).toContain('保险公司说：既往症不在保障范围')
  expect(card.textContent).toContain('需要补付 ¥120.00。请到医院收费窗口办理。')
})

it('says that there is none, and tries again after a failure', async () => {
  let isUp = false
  const insurers: object[] = []
  await draw({
    routes: {
      'GET /coverage': () =>
        isUp
          ? { insurers, policies: [], consents: [], texts: TEXTS }
          : problemOf(503, 'http.overloaded'),
    },
  })
  const retry = await screen.findByRole('button', { name: '重试' })
  isUp = true
  fireEvent.click(retry)
  await screen.findByText('这里的医院还没有接入商业保险公司。')
  expect(screen.getByText('还没有理赔。')).toBeTruthy()
})
