// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { plannedPayment } from '../testing/payments.ts'
import { show } from '../testing/show.tsx'
import { PlanView } from './PlanView.tsx'

// The hub as far as this page sees it: the answers to confirmations are given by each test.
const sent: { key: string | null; body: unknown }[] = []
let answers: (() => Promise<Response>)[] = []

const now = '2026-11-21T01:01:00.000Z'
const problem = (status: number, code: string) =>
  Response.json({ type: '', status, code, instance: 'r1' }, { status })

beforeEach(() => {
  sent.length = 0
  sessionStorage.clear()
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.url.endsWith('/v1/health')) return Response.json({ status: 'up', at: now })
    if (!request.url.endsWith('/confirmation')) return problem(404, 'http.not_found')
    sent.push({ key: request.headers.get('idempotency-key'), body: await request.json() })
    const answer = answers.shift()
    if (!answer) throw new Error('nobody expected another confirmation')
    return answer()
  })
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const lost = () => Promise.reject(new TypeError('network'))
const agreed = () =>
  Promise.resolve(Response.json(plannedPayment({ status: 'charging', payerState: 'processing' })))

const showPlan = () => show(<PlanView payment={plannedPayment()} wishes={{}} />)
const payButton = () => screen.findByRole('button', { name: '支付 ¥28.50' })

it('sends the amount on the button, and keeps the key until there is a definite answer', async () => {
  answers = [lost, () => Promise.resolve(problem(503, 'billing.hospital_unavailable')), agreed]
  await showPlan()
  fireEvent.click(await payButton())
  expect(await screen.findByText('再按一次即可，不会重复扣款。')).toBeTruthy()
  expect(document.body.textContent).not.toContain('失败')
  fireEvent.click(await payButton())
  await expect.poll(() => sent.length).toBe(2)
  fireEvent.click(await payButton())
  await expect.poll(() => sent.length).toBe(3)

  expect(sent.map(({ body }) => body)).toEqual(Array(3).fill({ payFen: 2_850 }))
  expect(sent[0]?.key).toMatch(/^[0-9a-f]{32}$/)
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
})

it('sends once for two presses in a row', async () => {
  let answer: (response: Response) => void = () => undefined
  answers = [() => new Promise((settle) => (answer = settle))]
  await showPlan()
  const button = await payButton()
  fireEvent.click(button)
  fireEvent.click(button)
  expect((await screen.findByText('正在提交…')).closest('button')?.disabled).toBe(true)
  answer(await agreed())
  await payButton()
  expect(sent.length).toBe(1)
})

it('takes a new key after a refusal, as the next press is another wish', async () => {
  answers = [() => Promise.resolve(problem(409, 'payments.bill_in_payment')), agreed]
  await showPlan()
  fireEvent.click(await payButton())
  expect(await screen.findByText(/正在另一笔支付中/)).toBeTruthy()
  fireEvent.click(await payButton())
  await expect.poll(() => sent.length).toBe(2)
  expect(sent[0]?.key).not.toBe(sent[1]?.key)
})

it('offers no payment of a plan that does not add up, and says why', async () => {
  await show(<PlanView payment={plannedPayment({ totalFen: 63_801 })} wishes={{}} />)
  expect((await payButton()).hasAttribute('disabled')).toBe(true)
  expect(screen.getByRole('alert').textContent).toContain('金额核对不上')
})

it('says where the provider’s page leads back to, where one is gone to', async () => {
  answers = [agreed]
  const [payer, insurance] = plannedPayment().tenders
  if (!payer || !insurance) throw new Error('the planned payment has two tenders')
  const tenders = [{ ...payer, provider: 'alipay', method: 'page' as const }, insurance]
  await show(<PlanView payment={plannedPayment({ tenders })} wishes={{}} />)
  fireEvent.click(await payButton())
  await expect.poll(() => sent.length).toBe(1)
  expect(sent[0]?.body).toEqual({
    payFen: 2_850,
    returnUrl: `${window.location.origin}${window.location.pathname}?from=wallet`,
  })
})
