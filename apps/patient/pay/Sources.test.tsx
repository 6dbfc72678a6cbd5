// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'

import { readWishes, type Wishes, wishedSources, withSource } from '../navigation.tsx'
import { plannedPayment } from '../testing/payments.ts'
import { show } from '../testing/show.tsx'
import { type Source } from './source-words.ts'
import { Sources } from './Sources.tsx'

afterEach(cleanup)

const LABEL = '先诊疗后付费，以后再还'

const draw = (sources: Source[], wishes: Wishes = {}) =>
  show(<Sources payment={plannedPayment({ sources })} wishes={wishes} />)

const refusing = (provider: string, code: string): Source => ({
  provider,
  available: false,
  reasons: [{ code, params: {} }],
})

const lending: Source = {
  provider: 'credit',
  available: true,
  reasons: [
    { code: 'credit_single', params: { lenderId: 900_001, amountFen: 2_850 } },
    { code: 'credit_left', params: { leftFen: 97_150 } },
    { code: 'credit_free_until', params: { dueOn: '2026-12-21', freeDays: 30 } },
    { code: 'credit_apr_simple_irr', params: { ppm: 130_290, costFen: 0, way: 'flat_fee' } },
  ],
}

it('is off until the payer wants it, and asks for a plan with it', async () => {
  const { router } = await draw([refusing('credit', 'not_agreed')], { channel: 'alipay' })
  const use = await screen.findByRole('switch', { name: LABEL })
  expect(use.getAttribute('aria-checked')).toBe('false')
  fireEvent.click(use)
  await expect.poll(() => router.state.location.pathname).toBe('/pay/1')
  expect(router.state.location.search).toMatchObject({ channel: 'alipay', sources: 'credit' })
})

it('[I4] offers a carer nothing that is the patient’s own to spend', async () => {
  const sources = [refusing('credit', 'not_wanted'), refusing('benefits', 'not_wanted')]
  await show(<Sources payment={plannedPayment({ sources, byCarer: true })} wishes={{}} />)
  expect(screen.queryAllByRole('switch')).toEqual([])
  cleanup()
  await show(<Sources payment={plannedPayment({ sources })} wishes={{}} />)
  expect((await screen.findAllByRole('switch')).length).toBeGreaterThan(0)
})

it('says what is lent, until when, and the yearly rate, which stands out', async () => {
  const { container, router } = await draw([lending], { sources: 'credit' })
  const use = await screen.findByRole('switch', { name: LABEL })
  expect(use.getAttribute('aria-checked')).toBe('true')
  const words = container.textContent
  expect(words).toContain('这张账单先由银行垫付 ¥28.50。付后额度还剩 ¥971.50。')
  expect(words).toMatch(/垫付满 30 天内还清，最晚 12月21日/)
  expect(container.querySelector('.rate')?.textContent).toBe('年化利率 13.03%（单利）')
  fireEvent.click(use)
  await expect.poll(() => router.state.location.search).toMatchObject({ sources: '-credit' })
})

it.each([
  ['scene_not_covered', '您的额度不能付这类费用。'],
  ['line_suspended', '您的额度暂停了，还清欠款后恢复。'],
  ['limit_used', '额度已经用完，还款后可以再用。'],
  ['no_line', '您还没有先诊后付的额度。'],
  ['something_new', '这次不能用。'],
])('says in plain words why it cannot pay: %s', async (code, words) => {
  const { container } = await draw([refusing('credit', code)])
  expect(await screen.findByRole('link', { name: '看我的额度' })).toBeTruthy()
  expect(container.textContent).toContain(words)
  expect(screen.queryByRole('switch')).toBeNull()
})

it('says nothing of what the payer does not have, and of others that are not needed', async () => {
  const nothing = [
    refusing('commercial', 'no_policy'),
    refusing('benefits', 'no_benefit'),
    refusing('deposit', 'no_deposit'),
    refusing('credit', 'nothing_left'),
  ]
  const { container } = await draw([...nothing, refusing('insurance', 'not_insured')])
  await screen.findByText(/没有查到您的医保参保信息/)
  expect(container.querySelectorAll('.source')).toHaveLength(0)
})

it('has a switch for every source that pays', async () => {
  await draw([{ provider: 'benefits', available: true, reasons: [] }, lending])
  await screen.findByRole('switch', { name: LABEL })
  const names = screen.getAllByRole('switch').map((each) => each.textContent)
  expect(names).toEqual(['用补助和代金券', LABEL])
})

it('keeps what is wished of sources in an address, and reads nothing else from one', () => {
  const wishes = withSource(withSource({}, 'credit', true), 'benefits', false)
  expect(wishes).toEqual({ sources: 'credit,-benefits' })
  expect(wishedSources(readWishes(wishes))).toEqual({ credit: true, benefits: false })
  expect(withSource(wishes, 'credit', false)).toEqual({ sources: '-credit,-benefits' })
  for (const sources of ['credit,', '<b>', 'a b', 7, 'credit;drop', '--credit']) {
    expect(readWishes({ sources })).toEqual({})
  }
})
