// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'

import type { Refund } from '../../../contract/client.ts'
import { answerWith, FINANCE, openConsole, problem } from '../testing/console.tsx'

// A page is loaded when it is first opened, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 })

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const PAYMENT_ID = '0190b3a0-0000-7000-8000-000000000001'

const someRefund = (number: number, given: Partial<Refund> = {}): Refund => ({
  id: `0190b3a0-0000-7000-8000-${String(number).padStart(12, '0')}`,
  paymentId: PAYMENT_ID,
  cause: 'requested',
  status: 'succeeded',
  billNo: 'ZD1',
  lineNos: [2],
  amountFen: 1_500,
  parts: [{ provider: 'wechat', kind: 'self_pay', amountFen: 1_500 }],
  toPayerFen: 1_500,
  reason: '退药',
  refusalCode: null,
  receiptNo: 'HC1',
  attention: null,
  declineCode: null,
  createdAt: '2026-11-21T02:00:00Z',
  approvedAt: '2026-11-21T02:00:10Z',
  returnedAt: '2026-11-21T02:01:00Z',
  ...given,
})

const stuck = someRefund(2, {
  cause: 'compensation',
  status: 'returning',
  billNo: null,
  lineNos: [],
  amountFen: 4_000,
  reason: 'compensation',
  attention: 'refund_refused',
  returnedAt: null,
})

const day = {
  date: '2026-11-21',
  succeeded: { count: 0, amountFen: 0 },
  refunded: { count: 2, amountFen: 3_000 },
  inTransit: { count: 0, amountFen: 0 },
  attention: { count: 0 },
  moves: [],
}

const FIGURE = '/refunds?by=returned&ofIncome=true&status=succeeded&date=2026-11-21'

const queries = (sent: Request[]) =>
  sent.filter(({ url }) => url.includes('/refunds?')).map(({ url }) => new URL(url).searchParams)

it('says of each refund what goes back of which payment, why, and what waits for a person', async () => {
  answerWith({ '/refunds': () => ({ items: [stuck, someRefund(1)] }) })
  await openConsole('/refunds')
  await screen.findByText('原路退回中', { selector: 'td *' })
  const table = screen.getByRole('table', { name: '退款' })
  const [, sums, first, second] = within(table)
    .getAllByRole('row')
    .map((row) => row.textContent)
  expect(sums).toContain('本页合计（2 笔）')
  expect(sums).toContain('55.00')
  for (const text of ['原路退回中', '缴费未成，自动退回', '未退回', '40.00', '渠道拒绝退回']) {
    expect(first).toContain(text)
  }
  for (const text of ['ZD1', '第 2 项', '退款完成', '申请退款', '退药', '15.00']) {
    expect(second).toContain(text)
  }
  const links = within(table).getAllByRole('link')
  expect(links.map((link) => link.getAttribute('href'))).toEqual([
    `/console/payments/${PAYMENT_ID}`,
    `/console/payments/${PAYMENT_ID}`,
  ])
})

it('[U-42] the list behind the figure of the day says the same sum, added from its rows', async () => {
  const sent = answerWith({
    '/refunds': () => ({ items: [someRefund(1), someRefund(2)] }),
    '/finance/days/2026-11-21': () => day,
  })
  await openConsole(FIGURE)
  expect(await screen.findByText(/逐笔相加：2 笔/)).toBeTruthy()
  expect(await screen.findByText('一致')).toBeTruthy()
  const [query] = queries(sent)
  expect(query?.get('returnedOn')).toBe('2026-11-21')
  expect(query?.get('ofIncome')).toBe('true')
  expect(query?.getAll('status')).toEqual(['succeeded'])
})

it('the figure on the page of the day leads there', async () => {
  answerWith({ '/finance/days/2026-11-21': () => day, '/payments': () => ({ items: [] }) })
  await openConsole('/?date=2026-11-21')
  const figure = await screen.findByRole('link', { name: /^退款.*2 笔，退自成功的缴费/ })
  expect(figure.textContent).toContain('30.00')
  expect(figure.getAttribute('href')).toBe(
    '/console/refunds?by=returned&date=2026-11-21&ofIncome=true&status=succeeded',
  )
})

it('[U-43] filter and URL are the same thing, both ways', async () => {
  const sent = answerWith({ '/refunds': () => ({ items: [someRefund(1)] }) })
  const { url } = await openConsole('/refunds?status=returning,lost&cause=late')
  const returning = await screen.findByRole('button', { name: '原路退回中' })
  expect(returning.getAttribute('aria-pressed')).toBe('true')
  expect(queries(sent)[0]?.getAll('status')).toEqual(['returning'])
  expect(queries(sent)[0]?.getAll('cause')).toEqual(['late'])

  fireEvent.click(screen.getByRole('button', { name: '退款完成' }))
  await screen.findByRole('button', { name: '退款完成', pressed: true })
  expect(url()).toBe('/refunds?cause=late&status=returning,succeeded')
  fireEvent.click(screen.getByRole('button', { name: '迟到款，自动退回' }))
  await screen.findByRole('button', { name: '迟到款，自动退回', pressed: false })
  expect(url()).toBe('/refunds?status=returning,succeeded')
  fireEvent.click(screen.getByRole('checkbox', { name: '只看待处理' }))
  await vi.waitFor(() => expect(queries(sent).at(-1)?.get('attention')).toBe('true'))
  fireEvent.click(screen.getByRole('button', { name: '清除筛选' }))
  await vi.waitFor(() => expect(url()).toBe('/refunds'))
})

it('goes on where the page ended, and begins anew when the filter changes', async () => {
  const full = Array.from({ length: 50 }, (_, i) => someRefund(100 - i))
  const sent = answerWith({
    '/refunds': ({ url }) => ({ items: url.includes('before=') ? [someRefund(1)] : full }),
  })
  const { url } = await openConsole('/refunds')
  fireEvent.click(await screen.findByRole('button', { name: /下一页/ }))
  await vi.waitFor(() => expect(queries(sent).at(-1)?.get('before')).toBe(full.at(-1)?.id))
  fireEvent.click(screen.getByRole('button', { name: '医院未同意' }))
  await vi.waitFor(() => expect(url()).toBe('/refunds?status=refused'))
})

it('every member of staff finds it in the menu; an empty list and a failure say so', async () => {
  answerWith({
    '/v1/me': () => ({ ...FINANCE, roles: ['it'] }),
    '/refunds': () => ({ items: [] }),
  })
  await openConsole('/refunds')
  expect(await screen.findByText('没有符合条件的退款。')).toBeTruthy()
  expect(screen.getByRole('link', { name: /^退款/ })).toBeTruthy()
  cleanup()
  answerWith({ '/refunds': () => problem(403, 'http.forbidden') })
  await openConsole('/refunds')
  expect(await screen.findByText('您没有权限查看或操作这项内容。')).toBeTruthy()
  expect(screen.queryByText(/¥0\.00/)).toBeNull()
})
