// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { Wishes } from '../navigation.tsx'
import { plannedPayment } from '../testing/payments.ts'
import { show } from '../testing/show.tsx'
import { QuotePage } from './QuotePage.tsx'

// The hub as far as this page sees it.
const sent: unknown[] = []
let answer: () => Response
let demoWallet: () => Response

const problem = (status: number, code: string, params: Record<string, string> = {}) =>
  Response.json({ type: '', status, code, params, instance: 'r1' }, { status })

beforeEach(() => {
  sent.length = 0
  sessionStorage.clear()
  demoWallet = () => problem(404, 'http.not_found')
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.url.endsWith('/v1/demo/wallet')) return demoWallet()
    if (request.method !== 'POST') return problem(404, 'http.not_found')
    sent.push(await request.json())
    return answer()
  })
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const draw = (wishes: Wishes = {}) =>
  show(<QuotePage hospitalId={1} bills={[{ billNo: 'B1', version: 1 }]} wishes={wishes} />)

const quoted = () => Response.json(plannedPayment(), { status: 201 })

it('names no channel, says what is here, and goes on to the plan', async () => {
  answer = quoted
  const { router } = await draw()
  await expect.poll(() => router.state.location.pathname).toContain('/payments/1/0193a000')
  expect(sent).toEqual([
    {
      bills: [{ billNo: 'B1', version: 1 }],
      useAccount: true,
      devices: ['browser', 'screen'],
    },
  ])
})

it('sends what the payer wishes, keeps it on the plan, and has WeChat in a demo', async () => {
  demoWallet = () => Response.json({ url: 'http://127.0.0.1:9' })
  answer = quoted
  const { router } = await draw({ account: 'off', channel: 'alipay', method: 'page' })
  await expect.poll(() => router.state.location.pathname).toContain('/payments/1/0193a000')
  expect(router.state.location.search).toEqual({
    account: 'off',
    channel: 'alipay',
    method: 'page',
  })
  expect(sent).toMatchObject([
    {
      useAccount: false,
      channel: 'alipay',
      method: 'page',
      devices: ['app:wechat', 'browser', 'screen'],
    },
  ])
})

it('offers another way where the one that was named cannot be had, and says why', async () => {
  answer = () => problem(422, 'channels.channel_not_offered', { channel: 'alipay', reason: 'down' })
  await draw({ account: 'off', channel: 'alipay', method: 'page' })
  expect(await screen.findByText('您选的方式现在不能用：暂时没有回应。')).toBeTruthy()
  const way = screen.getByRole('link', { name: '换一种方式' })
  expect(way.getAttribute('href')).toBe('/pay/1?bills=B1%3A1&account=off')
})

it('says that there is no way now, and tries again', async () => {
  answer = () => problem(422, 'channels.none_offered')
  await draw()
  expect((await screen.findByRole('alert')).textContent).toContain('暂时没有可用的支付方式')
  answer = quoted
  screen.getByRole('button', { name: '重试' }).click()
  await expect.poll(() => sent.length).toBe(2)
})
