// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'

import type { Staff } from '../shell/staff.ts'
import { answerWith, FINANCE, openConsole, problem } from '../testing/console.tsx'
import type { Entitlement, Need, Programme } from './model.ts'

// A page is loaded when it is first opened, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 })

afterEach(() => {
  cleanup()
  sessionStorage.clear()
  vi.unstubAllGlobals()
})

const AUDITOR: Staff = { ...FINANCE, roles: ['auditor'] }
const CASHIER: Staff = { ...FINANCE, roles: ['cashier'] }
const ID = '0190b3a0-0000-7000-8000-000000000041'
const PERSON_ID = '0190b3a0-0000-7000-8000-000000000042'
const COLLEAGUE = 'staff:0190b3a0-0000-7000-8000-0000000000aa'
const MYSELF = `staff:${FINANCE.staffId}`
const PATIENT = { personId: PERSON_ID, name: '*小明', idCardNo: '3****************3' }

const AID: Programme = {
  id: ID,
  name: { zh: '高龄门诊补助', en: 'Aid for the old' },
  funder: { kind: 'region', code: 'R', name: '海岳市卫健委' },
  terms: {
    kind: 'subsidy',
    rule: {
      anyOf: [
        [
          { fact: 'ageYears', atLeast: 80 },
          { fact: 'insured', is: true },
        ],
        [{ fact: 'inNeed', is: true }],
      ],
    },
    byGrant: true,
    sharePpm: 200_000,
    perVisitMostFen: 5_000,
    perYearMostFen: null,
    categories: [],
    combines: true,
    position: 1,
  },
  startsOn: '2026-01-01',
  endsOn: '2026-12-31',
  status: 'active',
  proposedBy: COLLEAGUE,
  proposedAt: '2026-11-01T02:00:00Z',
  decidedBy: MYSELF,
  decidedAt: '2026-11-02T02:00:00Z',
  endedBy: null,
  endedAt: null,
  endReason: null,
  budget: {
    allottedFen: 100_000,
    issuedFen: 5_000,
    heldFen: 5_000,
    usedFen: 40_000,
    freeFen: 50_000,
  },
}

const SALE: Entitlement = {
  id: '0190b3a0-0000-7000-8000-000000000051',
  programmeId: ID,
  personId: PERSON_ID,
  kind: 'package',
  amountFen: null,
  usedFen: 0,
  validFrom: '2026-11-22',
  validUntil: '2027-11-21',
  status: 'proposed',
  items: [{ code: 'F0011', most: 2, used: 0 }],
  document: 'SJ-77',
  grounds: 'purchase',
  needsSecond: true,
  proposedBy: COLLEAGUE,
  proposedAt: '2026-11-22T02:00:00Z',
  decidedBy: null,
  endReason: null,
}

const NEED: Need = {
  id: '0190b3a0-0000-7000-8000-000000000061',
  personId: PERSON_ID,
  kind: 'minimum_living',
  foundBy: 'civil_affairs',
  document: '民发〔2026〕11号',
  validFrom: '2026-01-01',
  validUntil: '2999-12-31',
  enteredBy: COLLEAGUE,
  enteredAt: '2026-11-22T02:00:00Z',
  endedBy: null,
  endedAt: null,
  endReason: null,
}

const open = async (path: string, answers: Record<string, () => unknown>, me: Staff = FINANCE) => {
  const sent = answerWith({
    '/v1/me': () => me,
    '/patient-names': () => ({ items: [PATIENT] }),
    ...answers,
  })
  const { url } = await openConsole(path)
  const isChange = ({ method, url: to }: Request) => method !== 'GET' && !to.includes('/patient-')
  return { url, changes: () => sent.filter(isChange) }
}

const type = (label: string | RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })

describe('programmes', () => {
  it('show what was granted, held and left', async () => {
    await open('/benefits', { '/benefit-programmes': () => ({ items: [AID] }) })
    expect(await screen.findByText('高龄门诊补助')).toBeTruthy()
    const words = '已拨款 ¥1,000.00，已支付 ¥400.00，已承诺 ¥100.00，剩余 ¥500.00'
    expect(screen.getByRole('img', { name: words })).toBeTruthy()
    expect(screen.getByRole('link', { name: '提出项目' })).toBeTruthy()
  })

  it('are only read by an auditor, and a cashier sees no grants', async () => {
    await open('/benefits', { '/benefit-programmes': () => ({ items: [] }) }, AUDITOR)
    expect(await screen.findByText('没有这样的项目。')).toBeTruthy()
    expect(screen.queryByRole('link', { name: '提出项目' })).toBeNull()
    cleanup()
    await open('/benefits', { '/benefit-programmes': () => ({ items: [AID] }) }, CASHIER)
    expect(await screen.findByText('高龄门诊补助')).toBeTruthy()
    expect(screen.queryByRole('link', { name: '困难人员登记' })).toBeNull()
  })

  it('say their rule in words, and who proposed and decided', async () => {
    await open(`/benefits/${ID}`, { [`/benefit-programmes/${ID}`]: () => AID })
    expect(await screen.findByText(/80 岁及以上，并且已参加医保/)).toBeTruthy()
    expect(screen.getByText(/已登记为困难人员/)).toBeTruthy()
    expect(screen.getByText('20%')).toBeTruthy()
    expect(screen.getByText(/00aa/)).toBeTruthy()
  })

  it('get money by a document, and what is free taken back at most', async () => {
    const { changes } = await open(`/benefits/${ID}`, {
      [`/benefit-programmes/${ID}`]: () => AID,
      '/allotments': () => ({ items: [] }),
      '/benefit-entitlements': () => ({ items: [] }),
    })
    fireEvent.click(await screen.findByRole('button', { name: /^拨 ?款$/ }))
    fireEvent.click(await screen.findByLabelText('收回'))
    type('拨款金额（元）', '500.01')
    type('拨款文号', '海卫 9 号')
    const dialog = within(screen.getByRole('dialog'))
    const act = () => dialog.getByRole<HTMLButtonElement>('button', { name: /^收 ?回/ })
    expect(act().disabled).toBe(true)
    type('拨款金额（元）', '500')
    fireEvent.click(act())
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    expect(await changes()[0]?.json()).toEqual({ amountFen: -50_000, document: '海卫 9 号' })
    expect(changes()[0]?.headers.get('idempotency-key')).toBeTruthy()
  })

  it('are proposed from another’s terms, as those that run never change', async () => {
    const { changes, url } = await open(`/benefits/new?from=${ID}`, {
      [`/benefit-programmes/${ID}`]: () => AID,
      '/benefit-programmes': () => ({ items: [] }),
    })
    expect(await screen.findByLabelText<HTMLTextAreaElement>('享受条件')).toMatchObject({
      value: '年龄≥80 参保\n困难',
    })
    fireEvent.click(screen.getByRole('button', { name: '提出项目' }))
    expect(await screen.findByText('请填写开始日期。')).toBeTruthy()
    expect(changes()).toHaveLength(0)
    type('开始日期', '2027-01-01')
    type('结束日期', '2027-12-31')
    type('补助比例（%）', '33.3')
    fireEvent.click(screen.getByRole('button', { name: '提出项目' }))
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    const { name, funder } = AID
    const terms = { ...AID.terms, sharePpm: 333_000 }
    const body = { name, funder, terms, startsOn: '2027-01-01', endsOn: '2027-12-31' }
    expect(await changes()[0]?.json()).toEqual(body)
    await vi.waitFor(() => expect(url()).toBe('/benefits'))
  })
})

describe('what waits for a second person', () => {
  const proposed: Programme = { ...AID, status: 'proposed', decidedBy: null, budget: null }
  const proposal = {
    id: '0190b3a0-0000-7000-8000-000000000071',
    programmeId: ID,
    amountFen: 5_000_000,
    document: '海卫 2 号',
    proposedBy: MYSELF,
    proposedAt: '2026-11-22T02:00:00Z',
  }
  const waiting = {
    '/benefit-programmes': () => ({ items: [proposed] }),
    '/benefit-allotment-proposals': () => ({ items: [proposal] }),
    '/benefit-entitlements': () => ({ items: [SALE] }),
  }

  it('is agreed to by another, with a reason; what one asked for oneself is not', async () => {
    const { changes } = await open('/benefits/waiting', {
      ...waiting,
      '/decision': () => new Response(null, { status: 204 }),
    })
    await screen.findByText('服务包售出')
    expect(await screen.findByText('*小明')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: /^查 ?看$/ }))
    expect(await screen.findByText('您提出的须由另一位同事审批。')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Close' }))
    fireEvent.click(screen.getAllByRole('button', { name: /^审 ?批$/ }).at(-1) as HTMLElement)
    const agree = await screen.findByRole<HTMLButtonElement>('button', { name: '收据无误，同意' })
    expect(agree.disabled).toBe(true)
    type('审批意见', '收据属实')
    fireEvent.click(agree)
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    expect(await changes()[0]?.json()).toEqual({ agrees: true, reason: '收据属实' })
    expect(changes()[0]?.url).toContain(`/benefit-entitlements/${SALE.id}/decision`)
  })

  it('is declined with what was typed, which stays when it fails', async () => {
    const { changes } = await open('/benefits/waiting', {
      ...waiting,
      '/decision': () => problem(409, 'benefits.programme_decided'),
    })
    await screen.findByText('服务包售出')
    fireEvent.click(screen.getAllByRole('button', { name: /^审 ?批$/ })[0] as HTMLElement)
    await screen.findByRole('button', { name: '同意执行' })
    type('审批意见', '预算未批')
    fireEvent.click(screen.getByRole('button', { name: '不同意' }))
    expect(await screen.findByText('这个项目已有决定。')).toBeTruthy()
    expect(await changes()[0]?.json()).toEqual({ agrees: false, reason: '预算未批' })
    expect(screen.getByLabelText<HTMLTextAreaElement>('审批意见').value).toBe('预算未批')
  })
})

describe('the register of people in need', () => {
  it('is entered for a person found by a whole number, with the paper', async () => {
    const { changes } = await open('/benefits/people-in-need', {
      '/people-in-need': () => ({ items: [NEED] }),
      '/patient-lookups': () => ({ patient: PATIENT }),
    })
    expect(await screen.findByText('民发〔2026〕11号')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: /^登 ?记$/ }))
    const dialog = within(await screen.findByRole('dialog'))
    const fill = (label: string, value: string) =>
      fireEvent.change(dialog.getByLabelText(label), { target: { value } })
    fill('名单或证明文号', '低保证 8 号')
    fill('有效期自', '2026-11-01')
    fill('有效期至', '2027-10-31')
    const enter = dialog.getByRole<HTMLButtonElement>('button', { name: /^登 ?记$/ })
    expect(enter.disabled).toBe(true)
    fill('完整号码', ' 370202198001010013 ')
    fireEvent.click(dialog.getByRole('button', { name: /^查 ?找$/ }))
    await dialog.findByText('*小明')
    fireEvent.click(enter)
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    expect(await changes()[0]?.json()).toEqual({
      foundBy: 'civil_affairs',
      document: '低保证 8 号',
      validFrom: '2026-11-01',
      validUntil: '2027-10-31',
      people: [{ personId: PERSON_ID, kind: 'minimum_living' }],
    })
  })

  it('finds nobody by a number that is nobody’s, and says so', async () => {
    await open('/benefits/people-in-need', {
      '/people-in-need': () => ({ items: [] }),
      '/patient-lookups': () => ({ patient: null }),
    })
    expect(await screen.findByText('目前没有有效的登记。')).toBeTruthy()
    type('完整号码', '1')
    fireEvent.click(screen.getByRole('button', { name: /^查 ?找$/ }))
    expect(await screen.findByText('没有找到持有这个号码的人。')).toBeTruthy()
  })

  it('ends an entry with a reason', async () => {
    const { changes } = await open('/benefits/people-in-need', {
      '/people-in-need': () => ({ items: [NEED] }),
      '/end': () => ({ ...NEED, endReason: '已退出' }),
    })
    fireEvent.click(await screen.findByRole('button', { name: /^终 ?止$/ }))
    const dialog = within(await screen.findByRole('dialog'))
    fireEvent.change(dialog.getByLabelText('原因'), { target: { value: '已退出低保' } })
    fireEvent.click(dialog.getByRole('button', { name: /^终 ?止$/ }))
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    expect(await changes()[0]?.json()).toEqual({ reason: '已退出低保' })
    expect(changes()[0]?.url).toContain(`/people-in-need/${PERSON_ID}/${NEED.id}/end`)
  })
})
