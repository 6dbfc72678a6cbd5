// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Agreement } from '../../../contract/client.ts'
import { show } from '../testing/show.tsx'
import { AgreementsPage } from './AgreementsPage.tsx'
import { dayChoices, paymentChoices } from './limit-choices.ts'

const ID = '0190b3a0-0000-7000-8000-000000000001'

const agreement = (changes: Partial<Agreement> = {}): Agreement => ({
  id: ID,
  hospitalId: 1,
  channel: 'alipay',
  state: 'active',
  limitPerPaymentFen: 10_000,
  limitPerDayFen: 20_000,
  usedTodayFen: 8_000,
  leftTodayFen: 12_000,
  agreementNo: '****3456',
  endReason: null,
  createdAt: '2026-11-21T02:00:00.000Z',
  signedAt: '2026-11-21T02:01:00.000Z',
  validUntil: null,
  revokedAt: null,
  ...changes,
})

const offer = { channel: 'alipay', mostPerPaymentFen: 30_000, mostPerDayFen: 100_000 }

// The hub as far as this page sees it.
let items: Agreement[] = []
let sent: { path: string; body: unknown }[] = []
let answers: Record<string, () => Response> = {}

beforeEach(() => {
  items = []
  sent = []
  answers = {}
  sessionStorage.clear()
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/v1/hospitals') {
      return Response.json({ items: [{ id: 1, name: '第一医院', shortName: '一院' }] })
    }
    if (request.method === 'GET') return Response.json({ items, offers: [offer] })
    const path = `${request.method} ${pathname.replace('/v1/hospitals/1/agreements', '')}`
    const text = await request.text()
    sent.push({ path, body: text === '' ? null : JSON.parse(text) })
    return answers[path]?.() ?? Response.json(agreement())
  })
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

async function open() {
  await show(<AgreementsPage />)
  return screen.findByRole('switch')
}

describe('the page of small payments without a password', () => {
  it('is off at first; the switch shows round limits, and leads to the provider’s page', async () => {
    const goTo = vi.spyOn(window.location, 'assign').mockImplementation(() => undefined)
    const url = 'http://wallet.example/sign'
    answers['POST '] = () =>
      Response.json({ agreement: agreement(), payerAction: { kind: 'page', url } }, { status: 201 })
    const toggle = await open()
    expect(toggle.getAttribute('aria-checked')).toBe('false')
    expect(screen.getByText('没有开通')).toBeTruthy()
    fireEvent.click(toggle)
    fireEvent.change(screen.getByLabelText('每次最多'), { target: { value: '20000' } })
    fireEvent.click(screen.getByRole('button', { name: '去支付宝同意' }))
    await waitFor(() => expect(goTo).toHaveBeenCalledWith(url))
    expect(sent).toMatchObject([
      {
        path: 'POST ',
        body: { channel: 'alipay', limitPerPaymentFen: 20_000, limitPerDayFen: 20_000 },
      },
    ])
  })

  it('says so when the provider did not answer, and may be pressed again', async () => {
    answers['POST '] = () =>
      Response.json({ agreement: agreement(), payerAction: null }, { status: 201 })
    fireEvent.click(await open())
    fireEvent.click(screen.getByRole('button', { name: '去支付宝同意' }))
    expect(await screen.findByRole('alert')).toHaveProperty(
      'textContent',
      '支付宝没有答复，请再点一次。',
    )
  })

  it('shows the limits and what was used of them today', async () => {
    items = [agreement()]
    const toggle = await open()
    expect(toggle.getAttribute('aria-checked')).toBe('true')
    const facts = [...document.querySelectorAll('.facts > div')].map(
      ({ textContent }) => textContent,
    )
    expect(facts).toEqual([
      '今天已用¥80.00',
      '今天还能用¥120.00',
      '每次最多¥100.00',
      '每天最多¥200.00',
      '协议号****3456',
    ])
  })

  it('changes the limits', async () => {
    items = [agreement()]
    await open()
    fireEvent.click(screen.getByRole('button', { name: '修改限额' }))
    fireEvent.change(screen.getByLabelText('每天最多'), { target: { value: '100000' } })
    fireEvent.click(screen.getByRole('button', { name: '保存' }))
    expect(await screen.findByText('限额已改好，下一次付款起有效。')).toBeTruthy()
    expect(sent).toEqual([
      {
        path: `PUT /${ID}/limits`,
        body: { limitPerPaymentFen: 10_000, limitPerDayFen: 100_000 },
      },
    ])
  })

  it('is switched off after one question, and says at once that nothing is taken', async () => {
    items = [agreement()]
    answers[`POST /${ID}/revocation`] = () => {
      items = [agreement({ state: 'revoking' })]
      return Response.json(items[0])
    }
    fireEvent.click(await open())
    const dialog = await screen.findByRole('dialog', { hidden: true })
    fireEvent.click(within(dialog).getByText('关闭'))
    expect(await screen.findByText('已关闭，不会再扣款')).toBeTruthy()
    expect(sent).toMatchObject([{ path: `POST /${ID}/revocation` }])
  })

  it('does not switch what is not known, and says that nothing is taken meanwhile', async () => {
    items = [agreement({ state: 'unknown' })]
    const toggle = await open()
    expect(toggle).toHaveProperty('disabled', true)
    expect(screen.getByText('正在向支付宝核对，暂时不会扣款')).toBeTruthy()
  })

  it('says how the last one ended, and what the hub refuses', async () => {
    items = [agreement({ state: 'revoked', endReason: 'by_provider' })]
    answers['POST '] = () =>
      Response.json(
        { type: '', status: 409, code: 'payments.agreement_exists', params: {}, instance: 'r1' },
        { status: 409 },
      )
    const toggle = await open()
    expect(screen.getByText('已在支付宝里关闭。')).toBeTruthy()
    fireEvent.click(toggle)
    fireEvent.click(screen.getByRole('button', { name: '去支付宝同意' }))
    expect(await screen.findByText('您已经开通过了，不用再开通。')).toBeTruthy()
  })
})

describe('the limits to choose from', () => {
  it('are round, within the contract, and a day is never below one payment', () => {
    expect(paymentChoices(offer)).toEqual({
      choices: [5_000, 10_000, 20_000, 30_000],
      usualFen: 10_000,
    })
    expect(dayChoices(offer, 30_000).choices).toEqual([50_000, 100_000])
    expect(dayChoices({ ...offer, mostPerDayFen: 30_000 }, 30_000)).toEqual({
      choices: [30_000],
      usualFen: 30_000,
    })
    expect(paymentChoices({ ...offer, mostPerPaymentFen: 3_000 }).choices).toEqual([3_000])
    expect(paymentChoices(offer, 7_700).choices).toContain(7_700)
  })
})
