// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'

import { answerWith, openConsole, problem } from '../testing/console.tsx'
import { somePayment } from '../testing/payments.ts'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const day = {
  date: '2026-11-21',
  succeeded: { count: 2, amountFen: 5_700 },
  refunded: { count: 0, amountFen: 0 },
  inTransit: { count: 0, amountFen: 0 },
  attention: { count: 0 },
  moves: [],
}

const listQueries = (sent: Request[]) =>
  sent.filter(({ url }) => url.includes('/payments?')).map(({ url }) => new URL(url).searchParams)

it('[U-42] the list behind a figure says the same sum at its top, added from its rows', async () => {
  answerWith({
    '/payments': () => ({ items: [somePayment(1), somePayment(2)] }),
    '/finance/days/2026-11-21': () => day,
  })
  await openConsole('/payments?by=paid&status=succeeded&date=2026-11-21')
  const table = await screen.findByRole('table', { name: '缴费' })
  expect(await screen.findByText(/逐笔相加：2 笔/)).toBeTruthy()
  expect(await screen.findByText('一致')).toBeTruthy()
  const sums = within(table).getAllByRole('row')[1]
  expect(sums?.textContent).toContain('本页合计（2 笔）')
  expect(sums?.textContent).toContain('¥57.00')
})

it('says so when rows and figure do not agree', async () => {
  answerWith({
    '/payments': () => ({ items: [somePayment(1)] }),
    '/finance/days/2026-11-21': () => day,
  })
  await openConsole('/payments?by=paid&status=succeeded&date=2026-11-21')
  expect(await screen.findByText(/不同：两次读取之间又有变动/)).toBeTruthy()
})

it('[U-43] filter and URL are the same thing, both ways', async () => {
  const sent = answerWith({ '/payments': () => ({ items: [somePayment(1)] }) })
  const { url } = await openConsole('/payments?status=settling,compensating&billNo=0231')
  const settling = await screen.findByRole('button', { name: '结算中' })
  expect(settling.getAttribute('aria-pressed')).toBe('true')
  expect((screen.getByLabelText('账单号') as HTMLInputElement).value).toBe('0231')
  expect(listQueries(sent)[0]?.getAll('status')).toEqual(['settling', 'compensating'])
  expect(listQueries(sent)[0]?.get('billNo')).toBe('0231')

  fireEvent.click(settling)
  await vi.waitFor(() => expect(url()).toBe('/payments?billNo=0231&status=compensating'))
  await vi.waitFor(() =>
    expect(listQueries(sent).at(-1)?.getAll('status')).toEqual(['compensating']),
  )

  fireEvent.click(screen.getByRole('button', { name: '清除筛选' }))
  await vi.waitFor(() => expect(url()).toBe('/payments'))
})

it('shows no sum while nothing is known, and the number of a failure', async () => {
  answerWith({ '/payments': () => problem(403, 'http.forbidden') })
  await openConsole('/payments')
  expect(await screen.findByText('您没有权限查看或操作这项内容。')).toBeTruthy()
  expect(screen.getByText('编号 no-1')).toBeTruthy()
  expect(screen.queryByText(/¥0\.00/)).toBeNull()
})
