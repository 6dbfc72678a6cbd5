// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, within } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { LoanRepayment } from '../../../contract/client.ts'
import { switchLanguage } from '../../web/i18n.ts'
import { applicationOf, lineOf, loanOf, offerOf, repaymentOf } from '../testing/credit.ts'
import { show } from '../testing/show.tsx'
import { AgreeVisitPage } from './AgreeVisitPage.tsx'
import { ApplicationPage } from './ApplicationPage.tsx'
import { CreditPage } from './CreditPage.tsx'
import { FamilyRepayPage } from './FamilyRepayPage.tsx'
import { LoanPage } from './LoanPage.tsx'
import { OfferPage } from './OfferPage.tsx'
import { RepayPage } from './RepayPage.tsx'
import { loadCreditWords } from './words.ts'

const ID = '0193a000-0000-7000-8000-00000000000a'
const LOAN = `/v1/credit/lenders/900001/loans/${ID}`

// The hub as far as these pages see it: what it answers by address, and what it was sent.
let answers: Record<string, unknown>
let posted: { path: string; body: unknown }[]
let answerTo: (path: string) => Response

const problem = (status: number, code: string) =>
  Response.json({ type: '', status, code, params: {}, instance: 'r1' }, { status })

beforeEach(() => {
  sessionStorage.clear()
  posted = []
  answers = {
    '/v1/hospitals': { items: [{ id: 1, name: '市人民医院', shortName: '市人民' }] },
    '/v1/health': { status: 'ok', at: '2026-11-22T02:00:00.000Z' },
    '/v1/credit/lines': { items: [] },
    '/v1/credit/offers': { items: [offerOf()] },
    '/v1/credit/applications': { items: [] },
    '/v1/credit/visits': { items: [] },
    '/v1/credit/loans': { items: [] },
  }
  answerTo = () => problem(404, 'http.not_found')
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname
    if (request.method !== 'GET') {
      const text = await request.text()
      posted.push({ path, body: text === '' ? null : JSON.parse(text) })
      return answerTo(path)
    }
    return path in answers ? Response.json(answers[path]) : problem(404, 'http.not_found')
  })
})

afterEach(async () => {
  await switchLanguage('zh-CN')
  cleanup()
  vi.unstubAllGlobals()
})

const draw = (page: ReactNode) => show(page, loadCreditWords)

it('offers what there is to whoever has no limit, with the rates that it costs', async () => {
  await draw(<CreditPage />)
  const offer = await screen.findByRole('article')
  expect(offer.textContent).toContain('年化利率 0.00% 至 13.03%')
  expect(within(offer).getByRole('link').getAttribute('href')).toBe('/credit/offers/900001/visit-1')
  expect(screen.queryByText('要还的钱')).toBeNull()
})

it('shows a limit as a bar whose pieces add up to it', async () => {
  answers['/v1/credit/lines'] = { items: [lineOf()] }
  const { container } = await draw(<CreditPage />)
  await screen.findByText('总额度')
  const pieces = [...container.querySelectorAll<HTMLElement>('.limit-bar > span')]
  const fens = pieces.map(({ dataset }) => Number(dataset.fen))
  expect(fens).toEqual([120_000, 30_000, 350_000])
  expect(container.querySelector('.limit-bar-box')?.textContent).toBe(
    '已用，要还¥1,200.00已预留¥300.00还可以用¥3,500.00总额度¥5,000.00',
  )
  // Somebody who has a limit there is not offered another one.
  expect(screen.queryByRole('article')).toBeNull()
})

it('says why a limit cannot be used, and promises nothing of it', async () => {
  answers['/v1/credit/lines'] = { items: [lineOf({ status: 'suspended' })] }
  const { container } = await draw(<CreditPage />)
  await screen.findByText('已暂停：有欠款过了期，还清后恢复')
  expect(container.querySelector('.total')?.textContent).toBe('现在可用¥0.00')
  expect(screen.queryByRole('link', { name: '看病前开通一次' })).toBeNull()
})

it('shows the rate beside every way, and takes no application before the box is ticked', async () => {
  answerTo = () => Response.json(applicationOf({ status: 'granted' }), { status: 201 })
  const { router } = await draw(<OfferPage lenderId={900_001} productId="visit-1" />)
  const ways = await screen.findAllByRole('radio')
  const words = ways.map((way) => way.closest('label')?.textContent)
  expect(words[0]).toContain('年化利率 0.00%')
  expect(words[1]).toMatch(/12 个月年化利率 13\.03%.*总共还 ¥536\.00，其中费用 ¥36\.00/)
  fireEvent.click(screen.getByRole('button', { name: '下一步：看协议' }))
  expect(screen.getByText('二、我会还。')).toBeTruthy()
  const box = screen.getByRole<HTMLInputElement>('checkbox')
  const apply = screen.getByRole<HTMLButtonElement>('button', { name: '同意并申请' })
  expect([box.checked, apply.disabled]).toEqual([false, true])
  fireEvent.click(apply)
  expect(posted).toEqual([])
  fireEvent.click(box)
  fireEvent.click(apply)
  await expect.poll(() => router.state.location.pathname).toContain('/credit/applications/900001')
  expect(posted).toEqual([
    {
      path: '/v1/credit/lenders/900001/applications',
      body: { productId: 'visit-1', way: 'next_month', consentVersion: 'v1' },
    },
  ])
})

it('says why an application was refused, and has a person look at it', async () => {
  answers['/v1/credit/applications'] = { items: [applicationOf()] }
  answerTo = () => Response.json(applicationOf(), { status: 201 })
  await draw(<ApplicationPage lenderId={900_001} id={ID} />)
  await screen.findByRole('heading', { name: '这次没有通过' })
  const why = screen.getByRole('region', { name: '为什么是这个结果' })
  expect(why.textContent).toMatch(/分数 460，最低要 500.*有 1 笔还晚了减 40 分/)
  fireEvent.click(screen.getByRole('button', { name: '请人再看一看' }))
  expect(screen.getByRole('alert').textContent).toBe('请先写几句理由。')
  expect(posted).toEqual([])
  fireEvent.change(screen.getByLabelText('请写下您的理由'), { target: { value: ' 我还清了 ' } })
  fireEvent.click(screen.getByRole('button', { name: '请人再看一看' }))
  await expect.poll(() => posted.length).toBe(1)
  expect(posted[0]?.body).toEqual({ statement: '我还清了' })
})

it('gives a limit up after asking once more, but not one that is in use', async () => {
  answers['/v1/credit/lines'] = { items: [lineOf()] }
  await draw(<CreditPage />)
  await screen.findByText('还清欠款、没有预留时，可以在这里停用额度。')
  expect(screen.queryByRole('button', { name: '不再使用这个额度' })).toBeNull()
  cleanup()
  answers['/v1/credit/lines'] = { items: [lineOf({ reservedFen: 0, drawnFen: 0 })] }
  answerTo = () => {
    answers['/v1/credit/lines'] = { items: [] }
    return new Response(null, { status: 204 })
  }
  await draw(<CreditPage />)
  fireEvent.click(await screen.findByRole('button', { name: '不再使用这个额度' }))
  expect(posted).toEqual([])
  fireEvent.click(screen.getByRole('button', { name: '停用' }))
  await expect.poll(() => posted).toEqual([{ path: '/v1/credit/lines/900001', body: null }])
  await screen.findByText('自愿申请。不申请也能照常看病。')
})

it('takes back an application that the bank has not answered', async () => {
  answers['/v1/credit/applications'] = { items: [applicationOf({ status: 'asking' })] }
  answerTo = () => {
    const taken = applicationOf({ status: 'refused', refusal: 'withdrawn' })
    answers['/v1/credit/applications'] = { items: [taken] }
    return Response.json(taken)
  }
  await draw(<ApplicationPage lenderId={900_001} id={ID} />)
  fireEvent.click(await screen.findByRole('button', { name: '撤回申请' }))
  fireEvent.click(screen.getByRole('button', { name: '撤回' }))
  await screen.findByText('您撤回了这次申请。')
  expect(posted[0]?.path).toContain('/withdrawal')
})

it('agrees for a visit at the hospital that was chosen, and says when it ends', async () => {
  answers['/v1/credit/lines'] = { items: [lineOf()] }
  answerTo = () => problem(409, 'credit.visit_exists')
  await draw(<AgreeVisitPage lenderId={900_001} />)
  const next = await screen.findByRole<HTMLButtonElement>('button', { name: '请先选医院' })
  expect(next.disabled).toBe(true)
  fireEvent.click(await screen.findByRole('radio', { name: '市人民医院' }))
  fireEvent.click(screen.getByRole('radio', { name: '¥500.00' }))
  fireEvent.click(screen.getByRole('button', { name: '下一步：看协议' }))
  expect(screen.getByText('今天的费用自动垫付，晚上 23:00 结一次账。')).toBeTruthy()
  fireEvent.click(screen.getByRole('checkbox'))
  fireEvent.click(screen.getByRole('button', { name: '同意并开通' }))
  expect((await screen.findByRole('alert')).textContent).toContain('这次就诊已经开通信用就医。')
  expect(posted[0]?.body).toEqual({
    hospitalId: 1,
    reserveFen: 50_000,
    consentVersion: 'v1',
  })
})

it('leads to the visit that keeps all of the limit, though nothing is free for it by then', async () => {
  answers['/v1/credit/lines'] = { items: [lineOf()] }
  answerTo = () => {
    answers['/v1/credit/lines'] = { items: [lineOf({ freeFen: 0 })] }
    return Response.json({ lenderId: 900_001, id: ID }, { status: 201 })
  }
  const { router } = await draw(<AgreeVisitPage lenderId={900_001} />)
  fireEvent.click(await screen.findByRole('radio', { name: '市人民医院' }))
  fireEvent.click(screen.getByRole('button', { name: '下一步：看协议' }))
  fireEvent.click(screen.getByRole('checkbox'))
  fireEvent.click(screen.getByRole('button', { name: '同意并开通' }))
  await expect.poll(() => router.state.location.pathname).toBe(`/credit/visits/900001/${ID}`)
})

it('shows each instalment as a card and as a row, with what is late and what it costs', async () => {
  answers[LOAN] = loanOf()
  const { container } = await draw(<LoanPage lenderId={900_001} id={ID} />)
  await expect.poll(() => container.querySelector('.instalment-overdue')).toBeTruthy()
  expect(container.querySelector('.total')?.textContent).toBe('还剩要还¥201.50')
  expect(container.textContent).toContain('年化利率 4.80%')
  const [late, coming] = [...container.querySelectorAll('.instalment')].map((c) => c.textContent)
  expect(late).toContain('第 1 期¥101.50')
  expect(late).toContain('过期未还本金¥100.00利息¥1.00罚息¥0.50')
  expect(coming).toContain('第 2 期¥101.00')
  expect(container.querySelectorAll('.schedule-table tbody tr')).toHaveLength(2)
})

const drawRepay = async (repayment?: Partial<LoanRepayment>) => {
  answers[LOAN] = loanOf(repayment ? { repayments: [repaymentOf(repayment)] } : {})
  await draw(<RepayPage lenderId={900_001} id={ID} />)
}

it('repays exactly what was confirmed', async () => {
  answerTo = () => Response.json(repaymentOf())
  await drawRepay()
  const radios = await screen.findAllByRole('radio')
  expect(radios.map((radio) => radio.closest('label')?.textContent)).toEqual([
    '已到期的¥101.50',
    '全部还清¥201.50',
    '自己填金额',
  ])
  fireEvent.click(screen.getByRole('button', { name: '还 ¥101.50' }))
  expect(posted).toEqual([])
  fireEvent.click(await screen.findByRole('button', { name: '确认还款', hidden: true }))
  await screen.findByRole('heading', { name: '还款成功' })
  expect(posted).toEqual([
    { path: `${LOAN}/repayments`, body: { scope: 'due', amountFen: 10_150 } },
  ])
})

it('takes an amount of one’s own, and none that is more than is owed', async () => {
  answerTo = () => problem(409, 'credit.repayment_changed')
  await drawRepay()
  fireEvent.click(await screen.findByRole('radio', { name: '自己填金额' }))
  const field = screen.getByLabelText('金额（元）')
  fireEvent.change(field, { target: { value: '201.51' } })
  expect(screen.getByRole('alert').textContent).toContain('¥201.50')
  const send = document.querySelector<HTMLButtonElement>('.button-pay')
  expect(send?.disabled).toBe(true)
  fireEvent.change(field, { target: { value: '¥1，00.5' } })
  fireEvent.click(screen.getByRole('button', { name: '还 ¥100.50' }))
  fireEvent.click(await screen.findByRole('button', { name: '确认还款', hidden: true }))
  expect((await screen.findByRole('alert')).textContent).toContain('应还金额已变为新的数')
  expect(posted[0]?.body).toEqual({ scope: 'partial', amountFen: 10_050 })
})

it.each([
  ['asking', null, '请勿重复还款，结果会自动显示。'],
  ['refused', 'no_money', '还款账户余额不足。'],
  ['refused', 'something nobody knows', '银行没有受理。'],
] as const)('says of a repayment that is %s (%s) what it is', async (status, refusal, words) => {
  if (status === 'refused') {
    answerTo = () => Response.json(repaymentOf({ status, refusal }))
    await drawRepay()
    fireEvent.click(await screen.findByRole('button', { name: '还 ¥101.50' }))
    fireEvent.click(await screen.findByRole('button', { name: '确认还款', hidden: true }))
  } else await drawRepay({ status })
  expect(await screen.findByText(words)).toBeTruthy()
  expect(document.body.textContent).not.toContain('失败')
  // While nobody knows, there is nothing by which to repay once more.
  expect(screen.queryAllByRole('radio')).toEqual([])
})

it('lets the family repay a part, and shows them nothing of the loan', async () => {
  answerTo = () => Response.json(repaymentOf({ source: 'family', amountFen: 5_000 }))
  await draw(<FamilyRepayPage lenderId={900_001} id={ID} askedFen={5_000} />)
  fireEvent.click(await screen.findByRole('button', { name: '还 ¥50.00' }))
  fireEvent.click(await screen.findByRole('button', { name: '确认还款', hidden: true }))
  await screen.findByRole('heading', { name: '还款成功' })
  expect(posted).toEqual([
    { path: `${LOAN}/repayments`, body: { scope: 'partial', amountFen: 5_000 } },
  ])
  expect(document.body.textContent).not.toMatch(/还剩|市人民/)
})

it('speaks English too', async () => {
  answers['/v1/credit/lines'] = { items: [lineOf()] }
  await draw(<CreditPage />)
  await switchLanguage('en')
  expect(await screen.findByText('Used, to be repaid')).toBeTruthy()
})
