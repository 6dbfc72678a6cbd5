// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { Payment } from '../../../contract/client.ts'
import { switchLanguage } from '../../web/i18n.ts'
import type { Wishes } from '../navigation.tsx'
import { PlanView } from '../payment/PlanView.tsx'
import { chosenPayment, plannedPayment } from '../testing/payments.ts'
import { show } from '../testing/show.tsx'

beforeEach(() => {
  sessionStorage.clear()
  vi.stubGlobal('fetch', async () =>
    Response.json(
      { type: '', status: 404, code: 'http.not_found', instance: 'r1' },
      { status: 404 },
    ),
  )
})

afterEach(async () => {
  await switchLanguage('zh-CN')
  cleanup()
  vi.unstubAllGlobals()
})

const draw = async (payment: Payment, wishes: Wishes = {}) => {
  const { router } = await show(<PlanView payment={payment} wishes={wishes} />)
  return { way: await screen.findByRole('region', { name: '付款方式' }), router }
}

it('proposes a way with its reason, and keeps the sums to the fen', async () => {
  const { way } = await draw(chosenPayment())
  expect(way.querySelector('.way-proposed')?.textContent).toBe('微信支付在应用里付款您上次用过')
  expect(screen.getByText('¥409.50 + ¥200.00 + ¥28.50')).toBeTruthy()
  expect(screen.getByRole('button', { name: '支付 ¥28.50' })).toBeTruthy()
  // Two taps from the bill: nothing has to be chosen or unfolded before.
  expect(way.querySelectorAll('details[open]')).toHaveLength(0)
})

it('takes another way at a touch, and asks for a plan by it', async () => {
  const { way, router } = await draw(chosenPayment(), { account: 'off' })
  fireEvent.click(within(way).getByText('支付宝'), { detail: 1 })
  await expect.poll(() => router.state.location.pathname).toBe('/pay/1')
  expect(router.state.location.search).toEqual({
    bills: 'B1:1',
    account: 'off',
    channel: 'alipay',
  })
})

it('lets the keys move through the ways, and waits for the button', async () => {
  const { way, router } = await draw(chosenPayment())
  fireEvent.click(within(way).getByRole('radio', { name: /支付宝/, hidden: true }), { detail: 0 })
  expect(router.state.location.pathname).toBe('/')
  fireEvent.click(within(way).getByText('改用支付宝'))
  await expect.poll(() => router.state.location.pathname).toBe('/pay/1')
  expect(router.state.location.search).toMatchObject({ channel: 'alipay' })
})

it('does nothing when the way that is taken already is touched', async () => {
  const { way, router } = await draw(chosenPayment())
  fireEvent.click(within(way).getByRole('radio', { name: /微信支付/, hidden: true }), { detail: 1 })
  expect(router.state.location.pathname).toBe('/')
})

it('recommends one way, and not all of them', async () => {
  const { way } = await draw(chosenPayment(), { channel: 'alipay' })
  const words = [...way.querySelectorAll('.way-words')].map((option) => option.textContent)
  expect(words).toEqual(['微信支付在应用里付款您上次用过', '支付宝打开网页付款'])
})

it('says which ways cannot be had, and why', async () => {
  const { way } = await draw(chosenPayment())
  expect(within(way).getByText('现在不能用的 1 种')).toBeTruthy()
  expect(way.querySelector('.ways-off')?.textContent).toBe('云闪付超过单笔限额 ¥1,000.00')
})

it('says that the payer chose it, and why a spare stands in', async () => {
  const { way } = await draw(chosenPayment(), { channel: 'wechat' })
  expect(way.querySelector('.way-proposed')?.textContent).toContain('您选的方式')
  cleanup()
  const choice = chosenPayment().channelChoice
  if (!choice) throw new Error('it has a choice')
  const [wechat] = choice.offered
  if (!wechat) throw new Error('WeChat is offered')
  const spare = { ...wechat, reasons: [{ code: 'backup_awake', params: { channels: 'alipay' } }] }
  const drawn = await draw(chosenPayment({ channelChoice: { ...choice, offered: [spare] } }))
  expect(drawn.way.textContent).toContain('常用渠道暂时不可用，由它代替')
  expect(drawn.way.textContent).toContain('现在只有这一种方式。')
})

it('gives the hospital’s own words where its rule decided', async () => {
  const choice = chosenPayment().channelChoice
  if (!choice) throw new Error('it has a choice')
  const params = { rule: 'r1', zh: '老年人优先用微信', en: 'WeChat for the elderly' }
  const offered = choice.offered.map((offer) => ({
    ...offer,
    reasons: [{ code: 'rule_prefers', params }],
  }))
  const { way } = await draw(chosenPayment({ channelChoice: { ...choice, offered } }))
  expect(way.querySelector('.way-proposed')?.textContent).toContain('老年人优先用微信')
})

it('shows only the way where the hospital leaves the choice to others', async () => {
  const { way } = await draw(plannedPayment())
  expect(way.textContent).toBe('付款方式微信支付在应用里付款')
})

it('is not there when nothing is left to pay', async () => {
  const tenders = plannedPayment().tenders.filter((tender) => tender.phase === 'settle')
  await show(<PlanView payment={plannedPayment({ tenders })} wishes={{}} />)
  await screen.findByText('合计')
  expect(screen.queryByRole('region', { name: '付款方式' })).toBeNull()
})

it('says in both languages who did not answer, and goes on without', async () => {
  const sources: Payment['sources'] = [
    {
      provider: 'insurance',
      available: false,
      reasons: [{ code: 'centre_unavailable', params: {} }],
    },
  ]
  const { router } = await draw(chosenPayment({ sources }), { channel: 'alipay' })
  expect(document.body.textContent).toContain('医保暂时没有回应。先自费也可以，或稍后再试。')
  expect(screen.getByRole('button', { name: '自费支付 ¥28.50' })).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: '再试一次医保' }))
  // What the payer chose before is not forgotten.
  await expect.poll(() => router.state.location.search).toMatchObject({ channel: 'alipay' })
})
