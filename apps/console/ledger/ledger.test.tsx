// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { answerWith, openConsole, problem } from '../testing/console.tsx'
import { type Account, aboutOf, type Entry, type Line, treeOf } from './model.ts'

// A page is loaded when it is first opened, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 })

beforeEach(() => vi.stubGlobal('ResizeObserver', Watcher))
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

/** The environment draws nothing, so there are no sizes to watch. */
class Watcher {
  observe(): void {}
  disconnect(): void {}
}

const ENTRY_ID = '0190b3a0-0000-7000-8000-0000000000e1'
const PAYMENT_ID = '0190b3a0-0000-7000-8000-0000000000a1'

const named = (code: string, zh: string | null, subject: [string, string] | null = null) => ({
  code,
  zh,
  en: zh,
  subjectCode: subject?.[0] ?? null,
  subjectName: subject?.[1] ?? null,
  purpose: zh === null ? null : code,
  owner: null,
})

const account = (
  code: string,
  kind: Account['kind'],
  balanceFen: number,
  subject: [string, string] | null = ['1212', '应收账款'],
): Account => ({
  ...named(code, `名 ${code}`, subject),
  kind,
  debitFen: Math.max(balanceFen, 0),
  creditFen: Math.max(-balanceFen, 0),
  balanceFen,
  heldFen: 0,
})

const WALLET = {
  ...account('receivable/wechat/self_pay', 'asset', 111_044),
  zh: '应收支付渠道款',
  owner: 'wechat/self_pay',
}
const ACCOUNTS: Account[] = [
  account('fees/wechat', 'income', -6, ['5001', '业务活动费用']),
  account('income', 'income', 111_050, ['4101', '事业收入']),
  WALLET,
  { ...account('odd', 'asset', 7, null), zh: null, en: null },
]

const TRIAL = {
  date: null,
  kinds: [],
  accounts: 4,
  debitFen: 111_157,
  creditFen: 111_157,
  debitBalanceFen: 111_051,
  creditBalanceFen: 111_051,
  isBalanced: true,
}

const LINE: Line = {
  entryId: ENTRY_ID,
  lineNo: 1,
  businessDate: '2026-11-21',
  postedAt: '2026-11-21T02:00:00Z',
  cause: 'move:wechat:charge:1',
  subject: `payment:${PAYMENT_ID}`,
  memo: 'wechat charge 4200',
  side: 'debit',
  counter: named('in-transit', '在途待确认收款'),
  amountFen: 100_000,
  balanceFen: 111_044,
}

const ENTRY: Entry = {
  id: ENTRY_ID,
  businessDate: '2026-11-21',
  intendedDate: '2026-11-20',
  postedAt: '2026-11-21T02:00:00Z',
  cause: 'move:wechat:charge:1',
  subject: `payment:${PAYMENT_ID}`,
  memo: 'wechat charge 4200',
  transfers: [
    { lineNo: 1, debit: WALLET, credit: named('in-transit', '在途待确认收款'), amountFen: 600 },
    { lineNo: 2, debit: WALLET, credit: named('in-transit', '在途待确认收款'), amountFen: 400 },
  ],
  holds: [],
}

const answers = {
  '/ledger/accounts': () => ({ items: ACCOUNTS, next: null }),
  '/ledger/trial-balance': () => TRIAL,
}

/** The queries of all requests whose path ends so. */
const queriesOf = (sent: readonly Request[], end: string) =>
  sent
    .map(({ url }) => new URL(url))
    .filter(({ pathname }) => pathname.endsWith(end))
    .map(({ searchParams }) => Object.fromEntries(searchParams))

describe('[B1] the chart', () => {
  it('is a tree by kinds and subjects, which folds, and ends in the trial balance', async () => {
    answerWith(answers)
    await openConsole('/ledger')
    const wallet = await screen.findByRole('link', { name: '应收支付渠道款 · 微信支付 个人现金' })
    expect(wallet.getAttribute('href')).toContain('code=receivable/wechat/self_pay')
    expect(screen.getByRole('row', { name: /科目表中没有/ }).textContent).toContain('odd')
    const assets = screen.getByRole('row', { name: /^资产/ })
    expect(within(assets).getAllByRole('cell').at(-1)?.textContent).toBe('¥1,110.51')
    fireEvent.click(screen.getByRole('button', { name: '收起 应收账款' }))
    expect(screen.queryByRole('link', { name: /应收支付渠道款/ })).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: '展开 应收账款' }))
    expect(screen.getByRole('link', { name: /应收支付渠道款/ })).toBeTruthy()
    expect(await screen.findByText('借贷相等')).toBeTruthy()
  })

  it('says so when debits are not credits', async () => {
    answerWith({
      ...answers,
      '/ledger/trial-balance': () => ({ ...TRIAL, creditFen: 1, isBalanced: false }),
    })
    await openConsole('/ledger')
    expect(await screen.findByText('借贷不等，请立即核查')).toBeTruthy()
  })

  it('asks for another date’s end, and for a time of it', async () => {
    const sent = answerWith(answers)
    const { url } = await openConsole('/ledger?date=2026-11-20')
    expect(await screen.findByText('截至 2026-11-20 日终', { selector: 'strong' })).toBeTruthy()
    expect(queriesOf(sent, '/ledger/accounts')[0]).toMatchObject({ date: '2026-11-20' })
    expect(queriesOf(sent, '/ledger/trial-balance')[0]).toEqual({ date: '2026-11-20' })
    fireEvent.change(screen.getByLabelText('具体时刻'), { target: { value: '09:30' } })
    fireEvent.click(screen.getByRole('button', { name: /查.?看/ }))
    expect(await screen.findByText('截至 2026-11-20 09:30')).toBeTruthy()
    expect(url()).toContain('time=09:30')
    const last = queriesOf(sent, '/ledger/accounts').at(-1)
    expect(last).toMatchObject({ instant: '2026-11-20T01:30:59.000Z' })
    expect(last).not.toHaveProperty('date')
  })

  it('is searched, and says when nothing fits', async () => {
    const sent = answerWith({
      ...answers,
      '/ledger/accounts': () => ({ items: [], next: null }),
    })
    await openConsole('/ledger')
    fireEvent.change(await screen.findByRole('searchbox', { name: '按编码或名称查找' }), {
      target: { value: '押金' },
    })
    fireEvent.click(screen.getByRole('button', { name: /查.?找/ }))
    expect(await screen.findByText('没有这样的账户。')).toBeTruthy()
    expect(queriesOf(sent, '/ledger/accounts').at(-1)).toMatchObject({ q: '押金' })
  })

  it('groups by subject, those without one last', () => {
    const tree = treeOf(ACCOUNTS)
    expect(tree.map(({ kind }) => kind)).toEqual(['asset', 'income'])
    expect(tree[0]?.subjects.map(({ subjectCode }) => subjectCode)).toEqual(['1212', null])
  })
})

describe('[B1] the statement of an account', () => {
  const page = '/ledger/account?code=receivable%2Fwechat%2Fself_pay&date=2026-11-21'

  it('has its lines with balances, and leads to the entry', async () => {
    const sent = answerWith({
      '/ledger/statement': () => ({
        account: WALLET,
        kind: 'asset',
        openingFen: 11_044,
        closingFen: 111_044,
        items: [LINE],
        next: 'cursor_1',
      }),
      '/ledger/balances': () => ({ openingFen: 0, items: [] }),
    })
    const { url } = await openConsole(page)
    const link = await screen.findByRole('link', { name: '微信支付收款 4200' })
    expect(link.getAttribute('href')).toContain(`/ledger/entries/${ENTRY_ID}`)
    expect(screen.getByText('¥110.44')).toBeTruthy()
    expect(queriesOf(sent, '/ledger/statement')[0]).toMatchObject({
      account: 'receivable/wechat/self_pay',
      from: '2026-10-23',
      to: '2026-11-21',
      order: 'newest',
    })
    fireEvent.click(screen.getByRole('button', { name: /下一页|下一/ }))
    await vi.waitFor(() => expect(url()).toContain('after=cursor_1'))
  })

  it('does not ask for days in the wrong order', async () => {
    const sent = answerWith({})
    await openConsole(page)
    fireEvent.change(await screen.findByLabelText('从'), { target: { value: '2026-12-01' } })
    const before = sent.length
    fireEvent.click(screen.getByRole('button', { name: /查.?看/ }))
    expect(screen.getByRole('alert', { name: '' }).textContent).toBeTruthy()
    expect(screen.getByText('开始日期不能晚于结束日期。')).toBeTruthy()
    expect(queriesOf(sent.slice(before), '/ledger/statement')).toEqual([])
  })
})

describe('[B1] an entry', () => {
  it('has its transfers, the fact behind it, and where it is sealed', async () => {
    answerWith({
      [`/ledger/entries/${ENTRY_ID}`]: () => ENTRY,
      [`/items/${ENTRY_ID}/proof`]: () => ({
        itemId: ENTRY_ID,
        leafIndex: 41,
        leafHash: '',
        path: [],
        head: { size: 100, sealedAt: '2026-11-21T02:00:05Z', keyId: 'ed25519-00' },
      }),
    })
    await openConsole(`/ledger/entries/${ENTRY_ID}`)
    const link = await screen.findByRole('link', { name: '查看缴费单' })
    expect(link.getAttribute('href')).toContain(`/payments/${PAYMENT_ID}`)
    expect(screen.getByText('¥10.00')).toBeTruthy()
    expect(screen.getByText('2026-11-20 已关账，记在其后的日期。')).toBeTruthy()
    expect(await screen.findByText('第 42 项，树头含 100 项')).toBeTruthy()
    expect(screen.getByRole('button', { name: '下载证明文件' })).toBeTruthy()
  })

  it('says that it is not sealed yet, which is no fault', async () => {
    answerWith({
      [`/ledger/entries/${ENTRY_ID}`]: () => ENTRY,
      [`/items/${ENTRY_ID}/proof`]: () => problem(404, 'sealing.item_not_sealed'),
    })
    await openConsole(`/ledger/entries/${ENTRY_ID}`)
    expect(await screen.findByText('尚未封存')).toBeTruthy()
    expect(screen.queryByRole('button', { name: '下载证明文件' })).toBeNull()
  })

  it('reads what it is about', () => {
    expect(aboutOf('settlement:wechat:2026-11-21')).toEqual({
      kind: 'settlement',
      id: 'wechat:2026-11-21',
    })
    expect(aboutOf('odd')).toEqual({ kind: '', id: 'odd' })
  })
})

describe('[B1] what is sealed', () => {
  const HEAD = {
    log: 'ledger',
    size: 100,
    treeHash: 'sha256',
    root: 'ab'.repeat(32),
    previousHash: null,
    sealedAt: '2026-11-21T02:00:05Z',
    text: '',
    keyId: 'ed25519-00',
    algorithm: 'ed25519',
    publicKey: '',
    signature: 'c2ln',
    countersignatures: [
      { applicationId: ENTRY_ID, keyId: 'k', signedAt: '2026-11-21T03:00:00Z' },
      { applicationId: PAYMENT_ID, keyId: 'k', signedAt: '2026-11-21T03:00:00Z' },
    ],
  }
  const partners = [
    { applicationId: ENTRY_ID, name: '海岳银行' },
    { applicationId: PAYMENT_ID, name: null },
  ]

  it('shows heads, who countersigned, what waits, and how to check', async () => {
    answerWith({
      '/sealing': () => ({
        items: [
          { log: 'ledger', head: HEAD, waiting: 0, waitingSince: null, lagMs: 0 },
          { log: 'audit', head: null, waiting: 3, waitingSince: HEAD.sealedAt, lagMs: 600_000 },
        ],
        partners,
      }),
      '/sealing/ledger/heads': () => ({ items: [HEAD], next: null, partners }),
    })
    await openConsole('/ledger/heads')
    const entries = await screen.findByRole('region', { name: '分录' })
    expect(within(entries).getByText('没有待封存')).toBeTruthy()
    expect(within(entries).getByText('海岳银行', { exact: false })).toBeTruthy()
    expect(within(entries).getByText('已停用的应用', { exact: false })).toBeTruthy()
    const audit = screen.getByRole('region', { name: '操作记录' })
    expect(within(audit).getByText('还没有封存过。')).toBeTruthy()
    expect(audit.textContent).toContain('3 项待封存 · 最早一项已等 10 分钟')
    const script = screen.getByRole('link', { name: '核验脚本' })
    expect(script.getAttribute('href')).toBe('/v1/proof-check/script')
  })
})
