// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { show } from '../testing/show.tsx'
import { nothingPaid, twoMonths } from '../testing/statements.ts'
import { monthsOf } from './months.ts'
import type { PeriodChoice } from './period.ts'
import { StatementPage } from './StatementPage.tsx'
import { VerifyPage } from './VerifyPage.tsx'

// The hub as far as these pages see it.
let asked: string[] = []
let papers: unknown[] = []
let statement: () => Response = () => Response.json(twoMonths())
let paper: () => Response = () => new Response('%PDF-1.4')
let verification: () => Response = () => Response.json({ valid: false, statement: null })

const problem = (status: number, code: string, params = {}) =>
  Response.json({ type: '', status, code, params, instance: 'r1' }, { status })

beforeEach(() => {
  asked = []
  papers = []
  statement = () => Response.json(twoMonths())
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname, search } = new URL(request.url)
    if (pathname !== '/v1/health') asked.push(`${pathname}${search}`)
    if (pathname === '/v1/health') {
      return Response.json({ status: 'up', at: '2026-11-21T02:00:00.000Z' })
    }
    if (pathname === '/v1/me/statement') return statement()
    if (pathname === '/v1/me/statement.csv') return new Response('\uFEFF医院\r\n')
    if (pathname === '/v1/me/statement.pdf') return paper()
    if (pathname.endsWith('/verification')) {
      papers.push(await request.json())
      return verification()
    }
    return problem(404, 'http.not_found')
  })
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

async function open(choice: PeriodChoice = { period: 'this_year' }) {
  const shown = await show(<StatementPage choice={choice} />)
  await screen.findByRole('heading', { level: 1 })
  return shown
}

/** The part that is seen on a screen; the other is for paper. */
const onScreen = (container: HTMLElement) =>
  within(container.querySelector<HTMLElement>('.statement-screen') ?? container)

const onPaper = (container: HTMLElement) =>
  container.querySelector<HTMLElement>('.statement-paper')?.textContent ?? ''

describe('the page of a statement', () => {
  it('asks for the days of the hub’s calendar, and shows who paid what', async () => {
    const { container } = await open()
    expect(await onScreen(container).findByText('费用合计')).toBeTruthy()
    expect(asked).toEqual(['/v1/me/statement?from=2026-01-01&to=2026-11-21'])
    const pieces = [...container.querySelectorAll<HTMLElement>('[data-fen]')]
    expect(pieces.map((piece) => Number(piece.style.flexGrow))).toEqual([6_000, 3_000, 4_000])
    const text = container.querySelector('.statement-screen')?.textContent
    for (const words of [
      '¥130.00',
      '医保基金¥60.00',
      '个人现金 · 微信支付¥40.00',
      '¥60.00 + ¥30.00 + ¥40.00= ¥130.00',
      '个人现金支付（含预交金、信用付）¥70.00',
      '付了 ¥150.00，退回 ¥20.00',
    ]) {
      expect(text).toContain(words)
    }
  })

  it('calls a channel that it has no words for by its own name', async () => {
    const { bySource } = twoMonths()
    const other = bySource.map((source) =>
      source.provider === 'alipay' ? { ...source, provider: 'bank_of_qingdao' } : source,
    )
    statement = () => Response.json(twoMonths({ bySource: other }))
    const { container } = await open()
    expect(await onScreen(container).findByText('个人现金 · bank_of_qingdao')).toBeTruthy()
  })

  it('lists the payments by month, newest first, each with its receipts', async () => {
    const { container } = await open()
    const months = await onScreen(container).findAllByRole('heading', { level: 2, name: /年/ })
    expect(months.map(({ textContent }) => textContent)).toEqual([
      '2026年11月 · 1 笔 · ¥30.00',
      '2026年10月 · 1 笔 · ¥100.00',
    ])
    const rows = onScreen(container).getAllByRole('link', { name: /医院/ })
    expect(rows.map((row) => row.getAttribute('href'))).toEqual([
      '/payments/2/0193a000-0000-7000-8000-000000000002',
      '/payments/1/0193a000-0000-7000-8000-000000000001',
    ])
    expect(rows[0]?.textContent).toContain('部分退款')
    expect(rows[0]?.textContent).toContain('RC-2 RC-3')
  })

  it('has all that an employer needs on paper', async () => {
    const { container } = await open()
    await onScreen(container).findByText('费用合计')
    const paper = onPaper(container)
    for (const words of [
      '费用汇总单',
      '2026-01-01 至 2026-11-21',
      '王小明',
      '3****************3',
      '2026-11-21 10:00:00',
      '20260101-20261121-1795312200-15000-13000-7000',
      'A1B2-C3D4-E5F6-0718',
      '市立医院',
      'RC-2 RC-3 退款 RR-3',
      '/patient/verify',
    ]) {
      expect(paper).toContain(words)
    }
    const lines = [...container.querySelectorAll('.statement-paper table tbody')].map((body) =>
      [...body.querySelectorAll('tr')].map((row) =>
        [...row.querySelectorAll('.money')].map((cell) => cell.textContent),
      ),
    )
    expect(lines[0]).toEqual([
      ['¥100.00', '¥60.00', '¥0.00', '¥40.00', '¥0.00', '¥100.00'],
      ['¥50.00', '¥0.00', '¥0.00', '¥50.00', '−¥20.00', '¥30.00'],
    ])
    const total = [...container.querySelectorAll('.statement-paper tfoot .money')]
    expect(total.map((cell) => cell.textContent)).toEqual([
      '¥150.00',
      '¥60.00',
      '¥0.00',
      '¥90.00',
      '−¥20.00',
      '¥130.00',
    ])
    const print = vi.fn<() => void>()
    vi.stubGlobal('print', print)
    fireEvent.click(screen.getByRole('button', { name: '打印' }))
    expect(print).toHaveBeenCalledOnce()
  })

  it('hands out the table as a file', async () => {
    const saved = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue()
    await open()
    fireEvent.click(await screen.findByRole('button', { name: '下载表格（CSV）' }))
    expect(await screen.findByText('表格已下载。')).toBeTruthy()
    expect(asked).toContain('/v1/me/statement.csv?from=2026-01-01&to=2026-11-21')
    const [link] = saved.mock.contexts as HTMLAnchorElement[]
    expect(link?.download).toBe('statement-2026-01-01-2026-11-21.csv')
  })

  it('[P7] hands out the document as a file', async () => {
    paper = () => new Response('%PDF-1.4', { headers: { 'content-type': 'application/pdf' } })
    const saved = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue()
    await open()
    fireEvent.click(await screen.findByRole('button', { name: '下载 PDF' }))
    expect(await screen.findByText('PDF 已下载。')).toBeTruthy()
    expect(asked).toContain('/v1/me/statement.pdf?from=2026-01-01&to=2026-11-21')
    const [link] = saved.mock.contexts as HTMLAnchorElement[]
    expect(link?.download).toBe('statement-2026-01-01-2026-11-21.pdf')
  })

  it('saves nothing when the document has too many pages, and says what to do', async () => {
    paper = () => problem(422, 'payments.statement_too_many_pages', { mostPages: 400 })
    const saved = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue()
    await open()
    fireEvent.click(await screen.findByRole('button', { name: '下载 PDF' }))
    expect((await screen.findByRole('alert')).textContent).toContain('超过 400 页')
    expect(screen.getByRole('button', { name: '下载表格（CSV）' })).toBeTruthy()
    expect(saved).not.toHaveBeenCalled()
  })

  it('says that nothing was paid, and offers no empty paper', async () => {
    statement = () => Response.json(nothingPaid())
    const { container } = await open()
    expect((await screen.findByText(/这段时间没有缴费/)).closest('[role=status]')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /打印/ })).toBeNull()
    expect(onPaper(container)).toBe('')
  })

  it('says what to do about too many payments, and does not offer to try the same again', async () => {
    statement = () => problem(422, 'payments.statement_too_many_payments', { most: 2_000 })
    await open()
    expect((await screen.findByRole('alert')).textContent).toContain('超过 2000 笔')
    expect(screen.queryByRole('button', { name: '重试' })).toBeNull()
    expect(screen.getByRole('link', { name: '上月' })).toBeTruthy()
  })

  it('asks again when the person wants it, after the lack of an answer', async () => {
    statement = () => problem(503, 'http.overloaded')
    await open()
    const again = await screen.findByRole('button', { name: '重试' })
    expect(document.body.textContent).not.toContain('失败')
    statement = () => Response.json(twoMonths())
    fireEvent.click(again)
    expect((await screen.findAllByText('费用合计')).length).toBe(2)
  })

  it('asks for days of one’s own only once there are some', async () => {
    await open({ period: 'own' })
    expect(await screen.findByText('请选开始和结束的日期。')).toBeTruthy()
    expect(asked).toEqual([])
    expect(screen.getByLabelText('从哪天').getAttribute('max')).toBe('2026-11-21')
    cleanup()
    await open({ period: 'own', from: '2026-02-01', to: '2026-02-28' })
    expect((await screen.findAllByText('费用合计')).length).toBe(2)
    expect(asked).toEqual(['/v1/me/statement?from=2026-02-01&to=2026-02-28'])
  })
})

it('months keep every payment, each in the month of Shanghai’s calendar', () => {
  const months = monthsOf(twoMonths())
  expect(months.map(({ month, items }) => [month, items.map((item) => item.hospitalId)])).toEqual([
    ['2026-11', [2]],
    ['2026-10', [1]],
  ])
})

describe('whoever is handed a statement', () => {
  const NUMBER = '20260101-20261121-1-2-3-4'
  const CODE = 'A1B2-C3D4-E5F6-0718'
  const check = () => show(<VerifyPage number={NUMBER} code={CODE} />)

  it('sees period and amounts of a genuine one', async () => {
    const facts = {
      from: '2026-01-01',
      to: '2026-11-21',
      generatedAt: '2026-11-21T02:00:00.000Z',
      paidFen: 15_000,
      netFen: 13_000,
      selfPaidFen: 7_000,
      idEnds: '3X',
    }
    verification = () => Response.json({ valid: true, statement: facts })
    const { router } = await show(<VerifyPage number={`${NUMBER}-3X`} code={CODE} />)
    expect((await screen.findByLabelText<HTMLInputElement>('姓名')).required).toBe(true)
    expect(asked).toEqual([])
    fireEvent.change(screen.getByLabelText('姓名'), { target: { value: ' 王小明 ' } })
    fireEvent.submit(screen.getByRole('form', { name: '核对汇总单' }))
    const said = await screen.findByText('这份汇总单是真的，姓名相符')
    expect(said.closest('[role=status]')).toBeTruthy()
    expect(asked).toEqual([`/v1/statements/${NUMBER}-3X/verification`])
    expect(papers).toEqual([{ code: CODE, name: '王小明' }])
    expect(router.state.location.href).not.toContain(encodeURIComponent('王小明'))
    for (const words of ['2026-01-01 至 2026-11-21', '¥150.00', '¥130.00', '¥70.00']) {
      expect(document.body.textContent).toContain(words)
    }
  })

  it('of one from before is told that the name was not looked at', async () => {
    const facts = {
      from: '2026-01-01',
      to: '2026-11-21',
      generatedAt: '2026-11-21T02:00:00.000Z',
      paidFen: 15_000,
      netFen: 13_000,
      selfPaidFen: 7_000,
      idEnds: null,
    }
    verification = () => Response.json({ valid: true, statement: facts })
    await check()
    expect(await screen.findByText('编号和金额是真的')).toBeTruthy()
    expect(document.body.textContent).toContain('本页不核对姓名，请另看身份证件。')
    expect(document.body.textContent).toContain('其中自付')
    expect(screen.queryByLabelText('姓名')).toBeNull()
  })

  it('is told of one that the hub never made', async () => {
    verification = () => Response.json({ valid: false, statement: null })
    await check()
    expect(await screen.findByText('没有这份汇总单，请检查编号和校验码。')).toBeTruthy()
  })

  it('is asked for both before anything is asked', async () => {
    await show(<VerifyPage number="" code="" />)
    expect((await screen.findByLabelText('编号')).hasAttribute('required')).toBe(true)
    expect(asked).toEqual([])
  })
})
